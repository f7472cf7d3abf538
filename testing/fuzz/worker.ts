// Takes jobs, and reads mutants one after the other; the main thread watches a job's `state` and ends this one where an input takes too long.
import '@tensorflow/tfjs';
import { parentPort } from 'node:worker_threads';

import { isNetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { Contradiction } from './contradiction.js';
import { ACCEPTED, AT, BEGUN, DONE, MEMORY, STOP, type FuzzJob } from './fuzz-job.js';
import { mutant } from './mutate.js';
import { READERS } from './readers.js';

console.warn = () => undefined; // readers may warn; a hundred thousand times is too often
await tf.setBackend('cpu');
parentPort!.on('message', (job: FuzzJob) => void run(job).then(() => parentPort!.postMessage(DONE)));

async function run({ reader: name, seed, from, state }: FuzzJob): Promise<void> {
  const reader = await READERS[name]!();
  const base = process.memoryUsage().rss;
  for (const bytes of reader.seeds) {
    try {
      await reader.read(bytes);
    } catch (error) {
      // What is changed must be right itself, but for those files of PyTorch that are to be refused.
      if (!name.startsWith('pytorch')) report('seed refused', -1, String(error));
    }
  }
  for (let i = from; Atomics.load(state, STOP) === 0; i++) {
    const bytes = mutant(reader.seeds, seed, name, i);
    Atomics.store(state, AT, i);
    Atomics.add(state, BEGUN, 1);
    const { numTensors } = tf.memory();
    try {
      await reader.read(bytes);
      Atomics.add(state, ACCEPTED, 1);
    } catch (error) {
      if (error instanceof Contradiction) report('contradiction', i, error.message);
      else if (!isNetSpaceError(error)) report('uncaught', i, error instanceof Error ? (error.stack ?? error.message) : String(error));
      else if (error.message.length > 2000) report('long message', i, `${error.message.length} characters`);
    }
    if (tf.memory().numTensors > numTensors) report('leak', i, `${tf.memory().numTensors - numTensors} tensors`);
    if (i % 64 === 0) {
      const more = process.memoryUsage().rss - base;
      if (more > Atomics.load(state, MEMORY) * 2 ** 20) Atomics.store(state, MEMORY, Math.ceil(more / 2 ** 20));
    }
  }
  await reader.dispose?.();
}

function report(kind: string, iteration: number, detail: string): void {
  parentPort!.postMessage({ kind, iteration, detail });
}
