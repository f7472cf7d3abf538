import { clampedSdfLoss, sdfLoss } from '@netspace/losses';
import { NetSpaceError } from '@netspace/prep';
import { choose, type GivenBy, objectOf, oneOf, type Option, optional, positive, type UsedBy, valueOf, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import { pointsNear } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { randomAt, type Random, seedAt } from '../batches/random.js';
import type { BetweenTargets } from './network-logits.js';
import { groupingOption, runInstances, runPReps } from './run-networks.js';
import type { TaskContext, TaskRunner } from './train-task.js';

/** Points near surfaces that the targets themselves say. */
export const nearTargets = oneOf(['targets']);

const nearPoints = valueOf<readonly Float32Array[]>(
  'a list of Float32Arrays',
  (value) => Array.isArray(value) && value.every((points) => points instanceof Float32Array),
);

/** See {@link SdfTask}. */
export const sdfTaskOptions = objectOf({
  kind: oneOf(['sdf']),
  /**
   * Points near the surfaces: half of a step's points are drawn from those of its batch. `targets`: each target says where its surface is; of
   * random points in the cube, those where its distance is the smallest are found before the first step. Or a list of N·3 numbers per instance, in the
   * order of the instances.
   * @default all are drawn from the cube
   */
  near: optional(
    choose<Option<readonly Float32Array[] | 'targets'>>("'targets', or a list of Float32Arrays", (given) =>
      typeof given === 'string' ? nearTargets : nearPoints,
    ),
  ),
  /**
   * Whether all networks of a step see the same points (`shared`, as in the paper), or each its own (`own`). Half of a network's own points
   * are near its own surface; shared points have only few there. `both`: half of a step's points are shared, half are each network's own.
   * @default 'shared'
   */
  points: withDefault(oneOf(['shared', 'own', 'both']), 'shared'),
  /**
   * Points are drawn from the cube of ±bounds.
   * @default 0.6
   */
  bounds: withDefault(positive, 0.6),
  /**
   * Distances count up to this value, by `clampedSdfLoss`: thin parts then weigh more, and space far from the surface less.
   * @default they count whole, squared, as in equation (2)
   */
  clamp: optional(positive),
  /**
   * Whether predicted networks run together.
   * @default 'auto'
   */
  grouping: groupingOption,
});

/** Predicted networks give the same signed distances as their targets, equation (2). */
export interface SdfTask extends GivenBy<typeof sdfTaskOptions> {}

/** The points from which those near a target's surface are chosen, and the share of them that is: a shell about the surface. */
const NEAR = { candidates: 32_768, share: 1 / 12 } as const;

/** The number of a step's points that are each network's own. */
const OWN_SHARE = { shared: 0, both: 0.5, own: 1 } as const;

/** Makes an SDF task ready to run; see {@link SdfTask}. */
export function sdfTask(
  { near, points: sharing, bounds, clamp, grouping }: UsedBy<typeof sdfTaskOptions>,
  { space, instances, inputs, seed }: TaskContext,
): TaskRunner {
  if (space.architectures.length > 1) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `trainNetSpace: expected a space of one SIREN architecture for an SDF task, got ${space.architectures.length} architectures`,
    );
  }
  if (typeof near === 'object' && (near.length !== instances.length || near.some((points) => points.length < 3))) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `trainNetSpace: expected points near each of ${instances.length} instances, got ${near.length}`,
    );
  }
  const found: Float32Array[] = []; // by instance
  const known = near === 'targets' ? found : near;
  const own = Math.floor(OWN_SHARE[sharing] * inputs);
  return {
    terms: ['loss'],
    description: {
      ...{ kind: 'sdf', bounds, near: typeof near === 'string' ? near : near !== undefined },
      ...{ ...(sharing !== 'shared' && { points: sharing }), grouping },
      ...(clamp !== undefined && { clamp }),
    },
    ...(near === 'targets' && {
      async runTargets(nets: readonly number[], between: BetweenTargets) {
        for (const [done, net] of nets.entries()) {
          await between(done, nets.length);
          found[net] = await pointsNear(instances[net]!, { ...NEAR, bounds, seed: seedAt(seed, 'near', net) });
        }
        await between(nets.length, nets.length);
      },
    }),
    prepare(step, nets) {
      const random = randomAt(seed, 'points', step);
      const pools = known && nets.map((net) => known[net]!);
      const shared = drawPoints(random, inputs - own, bounds, pools);
      const points =
        own === 0
          ? pointTensor(shared)
          : nets.map((_, i) => pointTensor(Float32Array.of(...shared, ...drawPoints(random, own, bounds, pools && [pools[i]!]))));
      const targets = runInstances(
        nets.map((net) => instances[net]!),
        points,
      );
      return ({ classIds }, embeddings) => {
        const { preps: predicted } = space.decode(embeddings);
        const values = tf.concat(runPReps(space.architectures, predicted, classIds, points, grouping), 0); // [K · points, 1]
        const wanted = tf.concat(targets, 0);
        return [clamp === undefined ? sdfLoss(values, wanted) : clampedSdfLoss(values, wanted, { clamp })];
      };
    },
  };
}

/** `[points, 3]` */
const pointTensor = (numbers: Float32Array): tf.Tensor2D => tf.tensor2d(numbers, [numbers.length / 3, 3]);

function drawPoints(random: Random, count: number, bounds: number, pools: readonly Float32Array[] | undefined): Float32Array {
  const points = Float32Array.from({ length: count * 3 }, () => random.uniform(-bounds, bounds));
  if (pools === undefined) return points;
  for (let i = 0; i < Math.floor(count / 2); i++) {
    const pool = pools[i % pools.length]!;
    const from = random.below(Math.floor(pool.length / 3)) * 3;
    points.set(pool.subarray(from, from + 3), i * 3);
  }
  return points;
}
