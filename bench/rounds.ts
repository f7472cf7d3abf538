import { NetSpace } from '@netspace/model';
import { trainNetSpace, type TrainTask } from '@netspace/train';
import type { Architecture, Instance } from '@netspace/prep';
import {
  createImageDataset,
  initialize,
  lenetLike,
  resnet,
  resnet32,
  resnet56,
  resnet8,
  siren,
  vanillaCnn,
  type ImageDataset,
} from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { layersResnet8 } from './layers-resnet8.js';
import type { Scenario } from './scenario.js';

const TIN = { size: 64, classes: 200 } as const;

/** What one round of a scenario does, everything it needs already there. */
export function rounds(scenario: Scenario): () => Promise<unknown> {
  const { kind, images } = scenario;
  if (kind === 'single' || kind === 'multi' || kind === 'sdf') return trainingRounds(scenario);
  const network = instance(resnet8(TIN), 0);
  const x = tf.randomUniform([images, 64, 64, 3]) as tf.Tensor4D;
  if (kind === 'layers-model') {
    const model = layersResnet8();
    return () => read(() => model.predict(x) as tf.Tensor);
  }
  const space = makeSpace([resnet8(TIN)], scenario);
  const preps = tf.randomNormal([scenario.nets, ...scenario.prepShape], 0, 0.05) as tf.Tensor3D;
  const each = (value: number): number[] => Array<number>(scenario.nets).fill(value);
  const batch = { preps, classIds: each(0), usedRows: each(scenario.prepShape[0]) }; // without padding
  if (kind === 'encode') return () => read(() => space.encode(batch));
  const embeddings = space.encode(batch);
  if (kind === 'decode') return () => read(() => space.decode(embeddings).preps);
  return () => read(() => network.architecture.apply(network.parameters, x));
}

/** Runs, waits for the values, and disposes. */
async function read(work: () => tf.Tensor): Promise<void> {
  const result = tf.tidy(work);
  await result.data();
  result.dispose();
}

function trainingRounds(scenario: Scenario): () => Promise<unknown> {
  const { kind, nets, images } = scenario;
  const architectures = kind === 'sdf' ? [siren()] : family(kind === 'multi' ? scenario.architectures : 1);
  const ends = [architectures[0]!, architectures.at(-1)!];
  const instances = Array.from({ length: nets }, (_, i) => instance(ends[i % 2]!, i));
  const task: TrainTask =
    kind === 'sdf'
      ? { kind: 'sdf' }
      : {
          kind: 'classification',
          dataset: noise(images),
          cacheTargets: false, // the one batch of images would be cached after the first round
          // by target: an untrained class head would choose networks at random, and so what a step costs
          ...(architectures.length > 1 && { teacher: instance(resnet56(TIN), 99), alpha: 0.9, route: 'target' as const }),
        };
  const steps = trainNetSpace(makeSpace(architectures, scenario), {
    ...{ instances, task, steps: 1_000_000, readEvery: 1 },
    batch: { nets, inputs: kind === 'sdf' ? 10_000 : images, sampling: architectures.length > 1 ? 'balanced' : 'shuffled' },
  });
  return () => steps.next();
}

/** One architecture is ResNet8; four are the paper's; more have ResNets of other depths between. */
function family(count: number): Architecture[] {
  if (count === 1) return [resnet8(TIN)];
  const between = [
    vanillaCnn(TIN),
    resnet8(TIN),
    ...[14, 20, 26].map((depth) => resnet({ ...TIN, depth })),
    vanillaCnn({ ...TIN, width: 1.25 }),
  ];
  const largest = count <= 2 ? resnet8(TIN) : resnet32(TIN);
  const middle = between.filter(({ name }) => name !== largest.name).slice(0, count - 2);
  return [lenetLike(TIN), ...middle, largest];
}

const makeSpace = (architectures: readonly Architecture[], { prepShape }: Scenario): NetSpace =>
  new NetSpace({ architectures, prepShape: [...prepShape], seed: 1 });

const instance = (architecture: Architecture, seed: number): Instance => ({
  architecture,
  parameters: initialize(architecture.parameters, { seed, scheme: architecture.purpose === 'sdf' ? 'siren' : 'pytorch' }),
});

/** Images of noise: what they show does not change what a step costs. */
function noise(count: number): ImageDataset {
  const images = new Uint8Array(count * 64 * 64 * 3).map((_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
  const labels = new Uint8Array(count).map((_, i) => i % 200);
  return createImageDataset({
    name: 'noise',
    images,
    labels,
    shape: [64, 64, 3],
    classes: 200,
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
  });
}
