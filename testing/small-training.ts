import { NetSpace } from '@netspace/model';
import { requiredPRepShape } from '@netspace/prep';
import { type CheckpointStorage, trainInstance, trainNetSpace } from '@netspace/train';
import { createImageDataset, lenetLike, MNIST_STATISTICS } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

export interface SmallTraining {
  /** Bytes of digits, 28×28 each. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly storage: CheckpointStorage;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: number) => void;
}

const STEPS = 10;
const SIZES = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };

/**
 * Trains two tiny networks on digits, with snapshots, then a space of them, resuming from what the storage has. The same in Node and in a browser.
 *
 * @returns the SHA-256 of all of the space's variables and the last loss
 */
export async function smallTraining({ images, labels, storage, signal, onStep }: SmallTraining): Promise<{ hash: string; loss: number }> {
  const parts = { name: 'digits', shape: [28, 28, 1], classes: 10, ...MNIST_STATISTICS } as const;
  const dataset = createImageDataset({ ...parts, images, labels });
  const architecture = lenetLike({ channels: 1, size: 28, width: 0.1 });
  const instances = [];
  for (const seed of [1, 2]) {
    const recipe = { architecture, train: dataset, test: dataset, lengths: [2, 6], unit: 'steps', batchSize: 16, seed } as const;
    for await (const { instance } of trainInstance(recipe)) instances.push(instance);
  }
  const space = new NetSpace({
    architectures: [architecture],
    prepShape: requiredPRepShape(architecture, { width: 64 }),
    ...SIZES,
    seed: 1,
  });
  try {
    let loss = NaN;
    for await (const { step, losses } of trainNetSpace(space, {
      instances,
      task: { kind: 'classification', dataset },
      steps: STEPS,
      batch: { nets: 3, inputs: 16 },
      learningRate: 1e-3,
      readEvery: STEPS,
      seed: 3,
      checkpoint: { storage, every: 3, resume: true },
      ...(signal && { signal }),
    })) {
      onStep?.(step);
      loss = losses?.['loss'] ?? loss;
    }
    return { hash: await hashOf(Object.values(space.variables)), loss };
  } finally {
    space.dispose();
    tf.dispose(instances.map(({ parameters }) => [...parameters]));
  }
}

async function hashOf(variables: readonly tf.Variable[]): Promise<string> {
  const bytes = new Blob(await Promise.all(variables.map(async (variable) => (await variable.data<'float32'>()).slice())));
  const digest = await crypto.subtle.digest('SHA-256', await bytes.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
