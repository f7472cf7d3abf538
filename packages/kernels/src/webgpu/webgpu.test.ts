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

/** How far a training on webgpu is from one on cpu, both relative. */
interface Compared {
  readonly name: string;
  readonly losses: number;
  readonly changes: number;
  /** Tensors, on cpu and webgpu. */
  readonly leaked: readonly [number, number];
}

/** What a script sends. */
interface Message {
  readonly noDevice?: string;
  readonly different?: readonly string[];
  readonly compared?: number;
  readonly spaces?: readonly Compared[];
}

/** Runs a script of `testing/`, which sends one message, with a device if there is one. */
async function runChild(script: string): Promise<{ message: Message | undefined; stderr: string }> {
  const child = fork(`${root}testing/${script}`, [], {
    execArgv: ['--import', createRequire(`${root}package.json`).resolve('tsx')],
    env: { ...deviceEnvironment(), TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
    silent: true,
  });
  let message: Message | undefined;
  let stderr = '';
  child.on('message', (value: Message) => (message = value));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  await new Promise((resolve) => child.once('exit', resolve));
  return { message, stderr };
}

const reasonToSkip = (message: Message | undefined, stderr: string): string =>
  `no Vulkan device here: ${message?.noDevice ?? stderr.slice(-300)}`;

/** A shader that does not compile says so here only. */
const SHADER_ERROR = /Error while parsing|validation/;

describe('webgpu', () => {
  it('computes the ops of training, and their gradients, as cpu does', async ({ skip }) => {
    const { message, stderr } = await runChild('webgpu-child.ts');
    if (message?.noDevice !== undefined || message === undefined) return skip(reasonToSkip(message, stderr));
    expect(message.different).toEqual([]);
    expect(message.compared).toBeGreaterThan(150);
    expect(stderr).not.toMatch(SHADER_ERROR);
  });

  it('trains spaces of every kind as cpu does: same losses, same changes, nothing left behind', async ({ skip }) => {
    const { message, stderr } = await runChild('webgpu-training-child.ts');
    if (message?.noDevice !== undefined || message === undefined) return skip(reasonToSkip(message, stderr));
    expect(message.spaces).toHaveLength(3);
    for (const { name, losses, changes, leaked } of message.spaces!) {
      expect(losses, name).toBeLessThan(1e-3);
      expect(changes, name).toBeLessThan(0.05);
      expect(leaked, name).toEqual([0, 0]);
    }
    expect(stderr).not.toMatch(SHADER_ERROR);
  });
});
