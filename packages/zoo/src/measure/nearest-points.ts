import type { Instance } from '@netspace/prep';
import { randomStream } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** Points near the surface of a signed distance function. */
export interface NearestPoints {
  /** `[count, 3]`, the nearest first */
  readonly points: tf.Tensor2D;
  /** What the function gives there, `[count]`. */
  readonly values: tf.Tensor1D;
}

/**
 * Those of some points at which a signed distance function is the closest to zero. Points that are equally close keep their order.
 *
 * @param points `[N, 3]`; the caller keeps them
 * @param count how many of them, at most N
 * @returns tensors that the caller disposes
 */
export async function nearestPoints({ architecture, parameters }: Instance, points: tf.Tensor2D, count: number): Promise<NearestPoints> {
  const values = tf.tidy(() => tf.reshape(architecture.apply(parameters, points), [-1]) as tf.Tensor1D);
  try {
    const found = await values.data();
    const order = Int32Array.from(found.keys()).sort((a, b) => Math.abs(found[a]!) - Math.abs(found[b]!));
    return tf.tidy(() => {
      const chosen = tf.tensor1d(order.subarray(0, count), 'int32');
      return { points: tf.gather(points, chosen), values: tf.gather(values, chosen) };
    });
  } finally {
    values.dispose();
  }
}

/** Where points near a surface come from. */
export interface PointsNearOptions {
  /** Half the side of the cube in which points are drawn. */
  readonly bounds: number;
  /** Points that are drawn, and the share of them that is kept: a small share lies close to the surface, a large one also beside it. */
  readonly candidates: number;
  readonly share: number;
  readonly seed: number;
}

/** Of random points in a cube, the share that is the closest to the surface, `[points · 3]`; the same for the same seed. */
export async function pointsNear(target: Instance, { bounds, candidates: drawn, share, seed }: PointsNearOptions): Promise<Float32Array> {
  const random = randomStream(seed);
  const candidates = tf.tensor2d(
    Float32Array.from({ length: 3 * drawn }, () => (2 * random() - 1) * bounds),
    [drawn, 3],
  );
  const { points, values } = await nearestPoints(target, candidates, Math.floor(share * drawn)).finally(() => candidates.dispose());
  values.dispose();
  return (await points.data().finally(() => points.dispose())) as Float32Array;
}
