import { availableParallelism, cpus, totalmem } from 'node:os';

import * as tf from '@tensorflow/tfjs-core';

/** Makes a registered backend current; throws the error of its start. */
export async function startBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend did not start`);
  await tf.ready();
}

/** The machine's processor, for runtimes that compute on it. */
export const processor = (): { readonly device: string; readonly cores: number; readonly memoryBytes: number } => ({
  device: cpus()[0]?.model.trim() ?? process.arch,
  cores: availableParallelism(),
  memoryBytes: totalmem(),
});
