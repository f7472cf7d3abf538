import type { NetSpace } from '@netspace/model';
import { channelPermutation, packPReps, type Instance } from '@netspace/prep';
import { unstack } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { randomAt } from './random.js';

/** The PReps that the encoder sees at each step. */
export interface PRepBatches {
  /** `[B, H, W]`, the caller's to dispose; a pure function of the step. */
  batch(step: number, nets: readonly number[]): tf.Tensor3D;
  dispose(): void;
}

/** Each instance's PRep as it is. */
export function fixedPReps(instances: readonly Instance[], { config }: NetSpace): PRepBatches {
  const preps = tf.tidy(() => unstack(packPReps(instances, config.prepShape)));
  return {
    batch: (_step, nets) => tf.stack(nets.map((net) => preps[net]!)) as tf.Tensor3D,
    dispose: () => tf.dispose(preps),
  };
}

/** Each instance's PRep with its hidden channels in another random order at every step. */
export async function permutedPReps(
  instances: readonly Instance[],
  { space, seed }: { readonly space: NetSpace; readonly seed: number },
): Promise<PRepBatches> {
  const [height, width] = space.config.prepShape;
  const size = height * width;
  const preps = packPReps(instances, [height, width]);
  const packed = await preps.data<'float32'>();
  preps.dispose();
  return {
    batch(step, nets) {
      const values = new Float32Array(nets.length * size); // zeros behind each network's parameters
      nets.forEach((net, place) => {
        const order = (channels: string, count: number) => randomAt(seed, 'channels', step, place, channels).permutation(count);
        const source = channelPermutation(instances[net]!.architecture, order);
        source.forEach((from, to) => (values[place * size + to] = packed[net * size + from]!));
      });
      return tf.tensor3d(values, [nets.length, height, width]);
    },
    dispose: () => undefined,
  };
}
