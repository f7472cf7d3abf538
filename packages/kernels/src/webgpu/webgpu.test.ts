import { fork } from 'node:child_process';

import { vulkanEnvironment } from '@netspace/testing';
import { programOf } from '@netspace/testing/program-of';
import { describe, expect, it } from 'vitest';

const environment = vulkanEnvironment();

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
  readonly notANumber?: string;
}

/** Runs a script of `testing/`, which sends one message, where a driver is installed: whatever keeps it from that is an error. */
async function runChild(script: string): Promise<{ message: Message; stderr: string }> {
  const child = fork(await programOf(`testing/runtimes/${script}`), [], { execArgv: [], env: environment, silent: true });
  let message: Message | undefined;
  let stderr = '';
  child.on('message', (value: Message) => (message = value));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  const [code, signal] = await new Promise<unknown[]>((resolve) => child.once('exit', (...end) => resolve(end)));
  if (message === undefined) throw new Error(`${script} ended with ${signal ?? code} and sent nothing: ${stderr.slice(-1000)}`);
  if (message.noDevice !== undefined) throw new Error(`${script} found a driver, but no device: ${message.noDevice}`);
  return { message, stderr };
}

/** A shader that does not compile says so here only. */
const SHADER_ERROR = /Error while parsing|validation/;

describe.skipIf(environment === undefined)('webgpu (skipped where no Vulkan driver is installed)', { timeout: 240_000 }, () => {
  it('computes the ops of training, and their gradients, as cpu does', async () => {
    const { message, stderr } = await runChild('webgpu-child.ts');
    expect(message.different).toEqual([]);
    expect(message.compared).toBeGreaterThan(150);
    expect(stderr).not.toMatch(SHADER_ERROR);
  });

  it('trains spaces of every kind as cpu does, nothing left behind, and makes no network of NaN', async () => {
    const { message, stderr } = await runChild('webgpu-training-child.ts');
    expect(message.spaces).toHaveLength(2);
    for (const { name, losses, changes, leaked } of message.spaces!) {
      expect(losses, name).toBeLessThan(1e-3);
      expect(changes, name).toBeLessThan(0.05);
      expect(leaked, name).toEqual([0, 0]);
    }
    expect(stderr).not.toMatch(SHADER_ERROR);
    expect(message.notANumber).toMatch(/NaN/);
  });
});
