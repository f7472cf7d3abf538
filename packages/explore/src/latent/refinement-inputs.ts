import { type Instance, NetSpaceError } from '@netspace/prep';
import { normalStream, randomStream, refuseOptions } from '@netspace/prep/internal';
import type { Dataset } from '@netspace/zoo';
import { inputsOf as inputBatch, pointsNear } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

/** Inputs of a step, `[batch, …]`, made for this step and freed after it. */
export type InputsOfStep = (step: number) => tf.Tensor;

/** The points from which those at the surface are chosen, and the share of them that is. */
const NEAR = { candidates: 65_536, share: 1 / 50 } as const;
/**
 * Standard deviations by which chosen points are moved at each step, in turn, in half sides of the cube. Those that stay at the surface say where
 * it lies, the others how the field goes on beside it. Together they find more than the first alone (pretrained/chairs: IoU 0.74 against 0.70).
 */
const NOISES = [0.006, 0.04] as const;

/** Those of the refinement's options that say what networks are compared on. */
interface InputOptions {
  readonly inputs?: Dataset | InputsOfStep | undefined;
  readonly batchSize?: number | undefined;
  readonly bounds: number;
  readonly nearSurface: number;
  readonly seed: number;
}

interface PerhapsIgnored {
  readonly inputs?: unknown;
  readonly nearSurface?: unknown;
  readonly bounds?: unknown;
  readonly clip?: unknown;
}

/** Refuses options, as they were given, that would say nothing: where points are drawn beside inputs, how far distances count of other networks. */
export function refuseIgnored(call: string, { architecture }: Instance, options: PerhapsIgnored): void {
  const { inputs, nearSurface, bounds, clip } = options;
  if (inputs !== undefined)
    refuseOptions(call, { nearSurface, bounds }, ['nearSurface', 'bounds'], 'with inputs, beside which no points are drawn');
  if (architecture.purpose !== 'sdf') refuseOptions(call, { clip }, ['clip'], `for ${architecture.name}, which gives no signed distances`);
}

/** The inputs of each step: those given, or points for a signed distance function, many of them near its surface. */
export async function refinementInputs(
  call: string,
  target: Instance,
  { inputs, batchSize, ...rest }: InputOptions,
): Promise<InputsOfStep> {
  if (typeof inputs === 'function') return inputs;
  if (inputs !== undefined) {
    const images = Math.min(batchSize ?? 128, inputs.count);
    return (step) => {
      const random = randomStream(rest.seed, step + 1);
      return inputBatch(
        inputs,
        Int32Array.from({ length: images }, () => Math.floor(random() * inputs.count)),
      );
    };
  }
  if (target.architecture.purpose !== 'sdf') {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${call}: expected inputs for ${target.architecture.name}, got none; give a data set, or a function of the step`,
    );
  }
  return pointsOf(target, { count: batchSize ?? 4096, ...rest });
}

interface PointOptions extends Pick<InputOptions, 'bounds' | 'nearSurface' | 'seed'> {
  readonly count: number;
}

async function pointsOf(target: Instance, { count, bounds, nearSurface, seed }: PointOptions): Promise<InputsOfStep> {
  const near = Math.round(nearSurface * count);
  const pool = near === 0 ? new Float32Array() : await pointsNear(target, { ...NEAR, bounds, seed });
  return (step) => {
    const random = randomStream(seed, step + 1);
    const normal = normalStream(random);
    const points = Float32Array.from({ length: 3 * count }, () => (2 * random() - 1) * bounds);
    for (let i = 0; i < near; i++) {
      const from = 3 * Math.floor((random() * pool.length) / 3);
      for (let axis = 0; axis < 3; axis++) points[3 * i + axis] = pool[from + axis]! + NOISES[i % 2]! * bounds * normal();
    }
    return tf.tensor2d(points, [count, 3]);
  };
}
