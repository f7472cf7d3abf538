import { existsSync, readdirSync } from 'node:fs';

const CHROMIUM = '/usr/lib/chromium';
const DRIVER_FOLDERS = ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
const LOADERS = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'];

/**
 * The environment in which a process finds a Vulkan device, in software at least: Chromium's where Debian's package has it, else the system's.
 *
 * @returns undefined where no driver is installed: the one reason to skip. A driver that is there and does not work fails its tests.
 */
export function vulkanEnvironment(): NodeJS.ProcessEnv | undefined {
  if (process.platform !== 'linux') return process.env;
  if (['VK_ICD_FILENAMES', 'VK_DRIVER_FILES'].some((name) => process.env[name] !== undefined)) return process.env;
  const chromiums = `${CHROMIUM}/vk_swiftshader_icd.json`;
  if (existsSync(chromiums)) return { ...process.env, VK_ICD_FILENAMES: chromiums, LD_LIBRARY_PATH: CHROMIUM };
  const hasLoader = LOADERS.some((folder) => existsSync(`${folder}/libvulkan.so.1`));
  const hasDriver = DRIVER_FOLDERS.some((folder) => existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json')));
  return hasLoader && hasDriver ? process.env : undefined;
}
