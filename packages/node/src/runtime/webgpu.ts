import { existsSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';

import { unusable, type RuntimeCandidate, type RuntimeProblem } from './runtime.js';
import { isInstalled } from './is-installed.js';
import { startBackend } from './start-backend.js';

/** Any GPU with a Vulkan, Metal or Direct3D 12 driver, through Dawn (npm `webgpu`); needs no CUDA. */
export const webgpu: RuntimeCandidate = {
  name: 'webgpu',
  start: async ({ forced }) => {
    const missing = missingVulkan();
    if (missing !== undefined) return unusable(missing);
    if (!(isInstalled('webgpu') && isInstalled('@tensorflow/tfjs-backend-webgpu'))) return unusable(NOT_INSTALLED);
    const gpu = await createGpu();
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) return unusable(NO_DEVICE);
    const { description, device, vendor, isFallbackAdapter } = adapter.info;
    const name = [description, device, vendor].find((text) => text !== '') ?? 'unknown';
    if (isFallbackAdapter && !forced) {
      return unusable({
        present: true,
        reason: `${name} computes in software, slower than wasm`,
        remedy: 'NETSPACE_RUNTIME=webgpu uses it anyway',
      });
    }
    await import('@netspace/kernels/gradients');
    await import('@tensorflow/tfjs-backend-webgpu'); // registers only if navigator.gpu exists
    await import('@netspace/kernels/webgpu');
    await startBackend('webgpu');
    return {
      usable: true,
      facts: { backend: 'webgpu', version: tf.version_core, device: name, threads: undefined, memoryBytes: undefined },
    };
  },
};

const NOT_INSTALLED: RuntimeProblem = {
  present: false,
  reason: 'the packages webgpu and @tensorflow/tfjs-backend-webgpu, 150 MB, are not installed',
  remedy: 'npm install webgpu @tensorflow/tfjs-backend-webgpu',
};

const NO_DEVICE: RuntimeProblem = {
  present: true,
  reason: 'no graphics device with a driver that Dawn can use',
  remedy:
    process.platform === 'linux'
      ? "install the graphics card's Vulkan driver (Debian: apt install mesa-vulkan-drivers, or NVIDIA's own)"
      : "install the graphics card's driver",
};

let created: GPU | undefined;

/** Dawn's `GPU`, made once and put where tfjs looks for it: at `navigator.gpu`, with WebGPU's classes in the global scope. */
async function createGpu(): Promise<GPU> {
  if (created !== undefined) return created;
  const { create, globals } = await import('webgpu');
  created = create([]);
  Object.assign(globalThis, globals);
  if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true }); // Node 20
  Object.defineProperty(globalThis.navigator, 'gpu', { value: created, configurable: true });
  return created;
}

/** Checked first, because without Vulkan's loader Dawn writes a warning to stderr before it finds no device. */
function missingVulkan(): RuntimeProblem | undefined {
  if (process.platform !== 'linux') return undefined;
  const folders = [
    ...(process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== ''),
    ...['/usr/lib', '/lib', '/usr/local/lib', '/usr/lib64'],
    ...['x86_64', 'aarch64'].map((arch) => `/usr/lib/${arch}-linux-gnu`),
    '/run/opengl-driver/lib', // NixOS
  ];
  if (folders.some((folder) => existsSync(join(folder, 'libvulkan.so.1')))) return undefined;
  return {
    present: false,
    reason: "Vulkan's loader, libvulkan.so.1, is not installed",
    remedy: "install it and the graphics card's driver (Debian: apt install libvulkan1 mesa-vulkan-drivers)",
  };
}
