import { fork } from 'node:child_process';

import { isTensorflowInstalled } from '@netspace/testing';
import { programOf } from '@netspace/testing/program-of';
import { describe, expect, it } from 'vitest';

/** What the script sends. */
interface Message {
  readonly different: readonly string[];
  readonly compared: number;
}

/** Compares operations in a process in which TensorFlow says whether it uses oneDNN. */
async function compareWith(setting: string): Promise<{ message: Message | undefined; stderr: string }> {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '0', TF_ENABLE_ONEDNN_OPTS: setting };
  const child = fork(await programOf('testing/runtimes/tensorflow-child.ts'), [], { execArgv: [], env, silent: true });
  let message: Message | undefined;
  let stderr = '';
  child.on('message', (sent: Message) => (message = sent));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  return { message, stderr };
}

/** All that tfjs-node refuses of the operations, with oneDNN or without. */
const REFUSED = /^avgPool, padded by a number: .*supports only 'valid' and 'same' padding/;

describe.skipIf(!isTensorflowInstalled())('tensorflow (skipped where it is not installed)', { timeout: 240_000 }, () => {
  it.each(['0', '1'])('computes as cpu does, also gradients of networks at once, TF_ENABLE_ONEDNN_OPTS=%s', async (setting) => {
    const { message, stderr } = await compareWith(setting);
    expect(message?.different.filter((name) => !REFUSED.test(name)), stderr.slice(-1000)).toEqual([]); // prettier-ignore
    expect(message?.compared).toBeGreaterThan(200);
    expect(stderr.includes('oneDNN custom operations are on')).toBe(setting === '1');
  });
});
