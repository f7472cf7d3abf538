import { type ConfigOptions, NetSpace, type StartOptions } from '@netspace/model';
import { requiredPRepShape, type Architecture, type Instance } from '@netspace/prep';
import { createImageDataset, initialize, lenetLike, vanillaCnn } from '@netspace/zoo';

import { trainNetSpace } from '../train-net-space.js';
import type { TrainNetSpaceOptions, TrainStep } from '../train-net-space-options.js';

const task = { channels: 1, size: 13, classes: 3, width: 0.1 };
export const architectures = [vanillaCnn(task), lenetLike(task), lenetLike({ ...task, width: 0.2 })];
export const dataset = createImageDataset({
  ...{ name: 'noise', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.25] },
  images: Uint8Array.from({ length: 12 * 169 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
  labels: Uint8Array.from({ length: 12 }, (_, i) => i % 3),
});

export const instanceOf = (architecture: Architecture, seed: number): Instance => ({
  architecture,
  parameters: initialize(architecture.parameters, { seed, scheme: architecture.purpose === 'sdf' ? 'siren' : 'pytorch' }),
});
const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
export const spaceOf = (family: readonly Architecture[], options: StartOptions & Pick<ConfigOptions, 'directions'> = {}) =>
  new NetSpace({ architectures: family, prepShape: requiredPRepShape(family, { width: 64 }), ...sizes, ...options, seed: 1 });
export const valuesOf = (space: NetSpace) => Object.values(space.variables).map((variable) => [...variable.dataSync()]);

export async function collect(space: NetSpace, options: TrainNetSpaceOptions): Promise<TrainStep[]> {
  const all = [];
  for await (const step of trainNetSpace(space, options)) all.push(step);
  return all;
}

/** Options of a run of six steps. */
export const common = { steps: 6, batch: { nets: 4, inputs: 6 }, learningRate: 3e-3, readEvery: 3, seed: 5 } as const;
