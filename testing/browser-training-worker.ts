// Run by a test in a Web Worker of Chromium: trains on what its message says and answers with the outcome. `stopAfter` stops it as a user would,
// with a checkpoint; `dieAfter` leaves it waiting for the page to end it, as a closed tab does.
import '@netspace/kernels/wasm';
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { indexedDbCheckpoint, memoryCheckpoint } from '@netspace/train';
import { isNetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { smallTraining } from './small-training.js';

export interface TrainingRequest {
  readonly backend: 'cpu' | 'wasm';
  /** Name of the checkpoint in IndexedDB; none for a run in memory alone. */
  readonly checkpoint?: string;
  readonly stopAfter?: number;
  readonly dieAfter?: number;
}

export interface TrainingAnswer {
  /** Steps in this call, the first and the last. */
  readonly steps: readonly [number, number];
  readonly hash?: string;
  readonly loss?: number;
  /** Code and message if it ended otherwise. */
  readonly error?: string;
}

addEventListener('message', ({ data }: MessageEvent<TrainingRequest>) => void train(data));

async function train({ backend, checkpoint, stopAfter, dieAfter }: TrainingRequest): Promise<void> {
  setWasmPaths('/wasm/');
  await tf.setBackend(backend);
  const [images, labels] = await Promise.all(['images', 'labels'].map(async (name) => bytesOf(await fetch(`/${name}`))));
  const [storage, controller, steps] = [
    checkpoint === undefined ? memoryCheckpoint() : indexedDbCheckpoint(checkpoint),
    new AbortController(),
    [] as number[],
  ];
  const answer = (rest: Partial<TrainingAnswer>) => postMessage({ steps: [steps[0], steps.at(-1)], ...rest });
  try {
    const { hash, loss } = await smallTraining({
      images: images!,
      labels: labels!,
      storage,
      signal: controller.signal,
      onStep(step) {
        steps.push(step);
        if (step === stopAfter) controller.abort();
        if (step === dieAfter) {
          answer({});
          for (;;);
        }
      },
    });
    answer({ hash, loss });
  } catch (error) {
    answer({ error: isNetSpaceError(error) ? `${(error as { code?: string }).code}: ${String(error)}` : String(error) });
  }
}

const bytesOf = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer());
