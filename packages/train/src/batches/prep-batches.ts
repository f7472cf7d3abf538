import type { NetSpace } from '@netspace/model';
import { type Instance, type PRepBatch, prepSymmetry } from '@netspace/prep';
import { checkFiniteInstances, unstack, zeroIfFinite } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { randomAt } from './random.js';

/** The PReps that the encoder sees at each step. */
export interface PRepBatches {
  /** A pure function of the step; the caller disposes of its `preps`. */
  batch(step: number, nets: readonly number[]): PRepBatch;
  dispose(): void;
}

/**
 * Each instance's PRep as it is.
 *
 * @throws NetSpaceError `INVALID_OPTION` if a weight is NaN or infinite, naming it
 */
export async function fixedPReps(instances: readonly Instance[], space: NetSpace): Promise<PRepBatches> {
  const { preps: packed, classIds, usedRows } = await packFinite(instances, space);
  const preps = tf.tidy(() => unstack(packed));
  packed.dispose();
  return {
    batch: (_step, nets) => ({
      preps: tf.stack(nets.map((net) => preps[net]!)) as tf.Tensor3D,
      classIds: pick(classIds, nets),
      usedRows: pick(usedRows, nets),
    }),
    dispose: () => tf.dispose(preps),
  };
}

/** What changes from step to step in what the encoder sees of a network. */
export interface PRepChanges {
  readonly space: NetSpace;
  readonly seed: number;
  /** @default true */
  readonly permuteChannels?: boolean;
  /** @default false */
  readonly flipSigns?: boolean;
}

/**
 * Each instance's PRep with its hidden channels in another random order, or its units of other signs, at every step.
 *
 * @throws NetSpaceError `INVALID_OPTION` if a weight is NaN or infinite, naming it
 */
export async function permutedPReps(
  instances: readonly Instance[],
  { space, seed, permuteChannels = true, flipSigns = false }: PRepChanges,
): Promise<PRepBatches> {
  const [height, width] = space.config.prepShape;
  const size = height * width;
  const { preps, classIds, usedRows } = await packFinite(instances, space);
  const packed = await preps.data<'float32'>().finally(() => preps.dispose());
  return {
    batch(step, nets) {
      const values = new Float32Array(nets.length * size); // zeros after each network's parameters
      nets.forEach((net, place) => {
        const order = (channels: string, count: number) => randomAt(seed, 'channels', step, place, channels).permutation(count);
        const signs = (units: string, count: number) => randomAt(seed, 'signs', step, place, units).signs(count);
        // Of the parameters alone: the same rows stay in use.
        const { source, factor } = prepSymmetry(instances[net]!.architecture, {
          order: permuteChannels ? order : undefined,
          signs: flipSigns ? signs : undefined,
        });
        source.forEach((from, to) => (values[place * size + to] = factor[to]! * packed[net * size + from]!));
      });
      return {
        preps: tf.tensor3d(values, [nets.length, height, width]),
        classIds: pick(classIds, nets),
        usedRows: pick(usedRows, nets),
      };
    },
    dispose: () => undefined,
  };
}

/** Packs instances. One number is read for all of them, and more only to name a weight that is not finite. */
async function packFinite(instances: readonly Instance[], space: NetSpace): Promise<PRepBatch> {
  const batch = space.pack(instances);
  const flag = zeroIfFinite([batch.preps]);
  try {
    if ((await flag.data())[0] !== 0) await checkFiniteInstances('trainNetSpace', instances);
    return batch;
  } catch (error) {
    batch.preps.dispose();
    throw error;
  } finally {
    flag.dispose();
  }
}

const pick = (values: readonly number[], nets: readonly number[]): readonly number[] => nets.map((net) => values[net]!);
