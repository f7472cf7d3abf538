import * as tf from '@tensorflow/tfjs-core';

import type { PhasedShape } from './phased-convolution.js';

/**
 * Gradient of `convolvePhases` in its input: for each input phase `[b, C, H, L]`.
 *
 * If p is even, input column S · m + p is used by the middle taps of output phase p / 2. If p is odd, it is used by the right taps of phase
 * (p − 1) / 2 and the left taps of phase (p + 1) / 2; after the last phase this is the first one at m + 1. For rows it is the same: an even
 * row is used by the middle taps, an odd row by the lower taps and, one row further, by the upper taps.
 *
 * @param weight `[3, 3, C, O]`
 * @param dz for each output phase `[b, O, H / 2 · L]`
 */
export function phasedInputGradient(weight: tf.Tensor4D, dz: readonly tf.Tensor3D[], shape: PhasedShape): tf.Tensor4D[] {
  // Either the inputs or the results of the products are moved by a place or a row, whichever is smaller.
  return weight.shape[3] < shape.channels ? movingGradients(weight, dz, shape) : movingResults(weight, dz, shape);
}

/** All taps that use an element share one product, over gradients that are moved for each tap. */
function movingGradients(
  weight: tf.Tensor4D,
  dz: readonly tf.Tensor3D[],
  { channels, height, length, phases }: PhasedShape,
): tf.Tensor4D[] {
  const outputs = weight.shape[3];
  const [up, middle, low] = [0, 1, 2];
  const [left, right] = [0, 2];
  const taps = (...places: [number, number][]): tf.Tensor2D =>
    tf.tidy(
      () =>
        tf.concat(
          places.map(([kh, kw]) => tf.reshape(tf.slice(weight, [kh, kw], [1, 1]), [channels, outputs])),
          1,
        ) as tf.Tensor2D,
    ); // [C, n · O]
  const kernels = {
    ofEven: [taps([middle, middle]), taps([low, middle], [up, middle])],
    ofOdd: [taps([middle, left], [middle, right]), taps([low, left], [low, right], [up, right], [up, left])],
  };
  const moved = (x: tf.Tensor, rows: number, places: number): tf.Tensor4D =>
    moveBack(tf.reshape(x, [-1, outputs, height / 2, length]), rows, places);
  const gather = (q: number): tf.Tensor3D => {
    const own = moved(dz[q]!, 0, 0);
    const next = dz[q + 1] === undefined ? moved(dz[0]!, 0, 1) : moved(dz[q + 1]!, 0, 0);
    return tf.reshape(tf.concat([next, own, moveBack(own, 1, 0), moveBack(next, 1, 0)], 1), [-1, 4 * outputs, (height / 2) * length]);
  };
  const result = dz.flatMap((_, q) =>
    tf.tidy(() => {
      const columns = tf.tidy(() => gather(q)); // [b, 4 · O, H / 2 · L]
      const part = (first: number, count: number) => rowsOf(columns, first * outputs, count * outputs);
      const multiply = (kernel: tf.Tensor2D, by: tf.Tensor3D) =>
        tf.reshape<tf.Rank.R4>(tf.matMul<tf.Tensor>(kernel, by), [-1, channels, height / 2, length]);
      return [
        tf.tidy(() => interleave(multiply(kernels.ofEven[0]!, part(1, 1)), multiply(kernels.ofEven[1]!, part(1, 2)))),
        tf.tidy(() => interleave(multiply(kernels.ofOdd[0]!, part(0, 2)), multiply(kernels.ofOdd[1]!, columns))),
      ];
    }),
  );
  tf.dispose(kernels);
  if (result.length !== phases) throw new Error('phasedInputGradient: expected a gradient for each output phase');
  return result;
}

/** One product for all taps; its results are moved and added. */
function movingResults(weight: tf.Tensor4D, dz: readonly tf.Tensor3D[], { channels, height, length, phases }: PhasedShape): tf.Tensor4D[] {
  const kernel = tf.tidy(() => tf.reshape<tf.Rank.R2>(tf.transpose(weight, [1, 0, 2, 3]), [9 * channels, -1])); // by kw, then kh
  const byTap = dz.map((one) =>
    tf.tidy(() => tf.reshape<tf.Rank.R4>(tf.matMul<tf.Tensor>(kernel, one), [-1, 9 * channels, height / 2, length])),
  );
  const ofColumn = (kw: number, q: number) => rowsOf(byTap[q]!, kw * 3 * channels, 3 * channels);
  const result = Array.from({ length: phases }, (_, p) =>
    tf.tidy(() => {
      const q = Math.floor(p / 2);
      if (p % 2 === 0) return sumRows(ofColumn(1, q), channels);
      const further = dz[q + 1] === undefined ? moveBack(ofColumn(0, 0), 0, 1) : ofColumn(0, q + 1);
      return sumRows(tf.add(ofColumn(2, q), further), channels);
    }),
  );
  tf.dispose([kernel, ...byTap]);
  return result;
}

/** `[b, 3 · C, H / 2, L]`, by kh → `[b, C, H, L]` */
function sumRows(byTap: tf.Tensor4D, channels: number): tf.Tensor4D {
  const [upper, middle, lower] = [0, 1, 2].map((kh) => rowsOf(byTap, kh * channels, channels)) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  return interleave(middle, tf.add(lower, moveBack(upper, 1, 0)));
}

/** `[b, C, h, L]` twice → `[b, C, 2h, L]`, even rows from the first. */
function interleave(even: tf.Tensor4D, odd: tf.Tensor4D): tf.Tensor4D {
  const [batch, channels, height, length] = even.shape;
  return tf.reshape(tf.stack([even, odd], 3), [batch, channels, 2 * height, length]);
}

/** `[b, C, h, L]`: each element gets the value that is a number of rows and places further, or zero beyond the edge. */
function moveBack(x: tf.Tensor4D, rows: number, places: number): tf.Tensor4D {
  if (rows + places === 0) return x;
  return tf.pad(tf.slice(x, [0, 0, rows, places]), [[0, 0], [0, 0], [0, rows], [0, places]]); // prettier-ignore
}

/**
 * A part of the second axis. For a batch of one there is no copy if the backend can avoid it: TensorFlow can if the sizes of the parts are
 * whole blocks.
 */
export function rowsOf<T extends tf.Tensor>(x: T, first: number, count: number): T {
  const [batch, size, ...rest] = x.shape as [number, number, ...number[]];
  if (count === size) return x;
  if (batch > 1) return tf.slice(x, [0, first], [-1, count]);
  const block = [first, count, size].reduce(greatestCommonDivisor);
  const blocks = tf.slice(tf.reshape(x, [size / block, -1]), [first / block], [count / block]);
  return tf.reshape<tf.Rank>(blocks, [1, count, ...rest]) as T;
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
