import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const CHROMIUM = '/usr/lib/chromium';

/** Chromium's software device, where Debian's package has it and nothing else is asked for. */
function deviceEnvironment(): NodeJS.ProcessEnv {
  const driver = `${CHROMIUM}/vk_swiftshader_icd.json`;
  if (process.env['VK_ICD_FILENAMES'] !== undefined || !existsSync(driver)) return process.env;
  return { ...process.env, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: CHROMIUM };
}

interface Comparison {
  readonly different: readonly string[];
  readonly compared: number;
}

async function compareInChild(): Promise<{ message: Comparison | { noDevice: string } | undefined; stderr: string }> {
  const child = fork(`${root}testing/webgpu-child.ts`, [], {
    execArgv: ['--import', createRequire(`${root}package.json`).resolve('tsx')],
    env: { ...deviceEnvironment(), TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
    silent: true,
  });
  let message: Comparison | { noDevice: string } | undefined;
  let stderr = '';
  child.on('message', (value: Comparison | { noDevice: string }) => (message = value));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  await new Promise((resolve) => child.once('exit', resolve));
  return { message, stderr };
}

describe('webgpu', () => {
  it('computes the ops of training, and their gradients, as cpu does', async ({ skip }) => {
    const { message, stderr } = await compareInChild();
    if (message === undefined || 'noDevice' in message) return skip(`no Vulkan device here: ${message?.noDevice ?? stderr.slice(-300)}`);
    expect(message.different).toEqual([]);
    expect(message.compared).toBeGreaterThan(150);
    expect(stderr).not.toMatch(/Error while parsing|validation/); // a shader that does not compile says so here only
  });
});
