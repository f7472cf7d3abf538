import { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import { boxMesh } from '@netspace/shapes';
import { buildShapeZoo } from '@netspace/train';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { trainInFolder } from '../../packages/node/src/runs/train-in-folder.js';
import { zooInFolder } from '../../packages/node/src/runs/zoo-in-folder.js';

const runtime = {
  name: 'cpu',
  backend: 'cpu',
  device: 'cpu',
  version: tf.version_core,
  threads: 1,
  memoryBytes: undefined,
  precision: 'float32',
  reason: 'for tests',
  rejected: [],
} as const;

/** Builds a zoo of tiny SIRENs in a folder; tells how many instances are there. */
export async function tinyZoo(
  folder: string,
  { count = 24, tell }: { readonly count?: number; readonly tell?: (done: number) => void } = {},
) {
  const recipe = { kind: 'shapes', architecture: 'siren-3-4x0-1', samples: 50, steps: 2, batchSize: 10, seed: 5 } as const;
  const meshes = Array.from({ length: count }, (_, i) => ({ name: `box-${i}`, mesh: boxMesh({ size: [0.4, 0.3, 0.1 + i / 100] }) }));
  await zooInFolder(folder, {
    ...{ command: 'zoo', config: { count }, seed: 5, runtime },
    build: (store) => buildShapeZoo(recipe, { store, meshes }),
    onAddition: ({ done }) => tell?.(done),
  });
}

const architecture = siren({ hidden: 4, layers: 0 });
const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 8, decoderHidden: 4 };

/** Trains a tiny space in a folder; tells the steps whose checkpoint is written. */
export async function tinySpace(
  folder: string,
  { steps = 60, seed = 4, tell }: { readonly steps?: number; readonly seed?: number; readonly tell?: (step: number) => void } = {},
) {
  const instances = [1, 2, 3].map((one) => ({ architecture, parameters: initialize(architecture.parameters, { seed: one }) }));
  const space = new NetSpace({ architectures: [architecture], prepShape: [4, 16], ...sizes, seed: 1 });
  try {
    await trainInFolder(space, folder, {
      ...{ command: 'train', config: { seed }, runtime, checkpointEvery: 2 },
      training: { instances, task: { kind: 'weights' }, steps, readEvery: 1, seed, batch: { nets: 2 } },
      onStep: ({ step }) => {
        if (step % 2 === 0) tell?.(step);
      },
    });
  } finally {
    space.dispose();
    disposeInstances(instances);
  }
}
