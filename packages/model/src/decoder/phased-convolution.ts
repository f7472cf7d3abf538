import * as tf from '@tensorflow/tfjs-core';

/**
 * Images with channels first, split by columns into S phases. Phase p holds the columns p, p + S, p + 2S, …, as `[b, C, H, L]`, L = W / S.
 */
export interface PhasedShape {
  readonly channels: number;
  /** Even. */
  readonly height: number;
  /** L: columns of one phase. */
  readonly length: number;
  /** S, even: a convolution of stride 2 gives S / 2 phases. */
  readonly phases: number;
}

/** The number of rows of the table is a multiple of this: see `rowsOf`. */
const BLOCK = 64;

/** Patches to hold at a time, in elements. */
const LARGEST = 2 ** 25;

/**
 * The rows that the patches of a 3×3 convolution, stride 2, padding 1, are made of.
 *
 * Output column S/2 · m + q uses the input columns S · m + 2q − 1 + (0, 1, 2). Each of these is place m of one phase, or, at −1, place m −
 * 1 of the last phase. The last phase is moved by one place, so every tap is one whole row of this table.
 *
 * @param phases S tensors of `[b, C, H, L]`
 * @returns `[b, R, L]`: the phases, the last one moved, rows of zeros, a row of ones (for the bias)
 */
export function patchTable(phases: readonly tf.Tensor[], { channels, height, length }: PhasedShape): tf.Tensor3D {
  return tf.tidy(() => {
    const rows = phases.map((phase) => tf.reshape<tf.Rank.R3>(phase, [-1, channels * height, length]));
    const last = rows.at(-1)!;
    const batch = last.shape[0];
    const zeroRows = 2 * BLOCK - 1 - (((rows.length + 1) * channels * height) % BLOCK);
    const moved = tf.pad(tf.slice(last, 0, [-1, -1, length - 1]), [[0, 0], [0, 0], [1, 0]]); // prettier-ignore
    return tf.concat([...rows, moved, tf.zeros([batch, zeroRows, length]), tf.ones([batch, 1, length])], 1) as tf.Tensor3D;
  });
}

/** Some rows of an output phase. */
interface Part {
  readonly q: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The patches of some rows of an output phase, `[b, 9 · C + 1, rows · L]`: one row for each tap (kh, kw, ci), as TensorFlow orders
 * weights, and one of ones.
 */
export function patchesOf(table: tf.Tensor3D, { q, from, to }: Part, { channels, height, length, phases }: PhasedShape): tf.Tensor3D {
  const plane = channels * height;
  const zeros = (phases + 1) * plane;
  const index = new Int32Array((9 * channels + 1) * (to - from));
  let next = 0;
  for (let kh = 0; kh < 3; kh++) {
    for (let kw = 0; kw < 3; kw++) {
      const column = 2 * q + kw - 1;
      const first = (column < 0 ? phases : column) * plane;
      for (let channel = 0; channel < channels; channel++) {
        for (let row = 2 * from + kh - 1; row < 2 * to + kh - 1; row += 2) index[next++] = row < 0 ? zeros : first + channel * height + row;
      }
    }
  }
  index.fill(table.shape[1] - 1, next);
  return tf.tidy(() => tf.reshape(tf.gather(table, tf.tensor1d(index, 'int32'), 1), [-1, 9 * channels + 1, (to - from) * length]));
}

/** An output phase, in parts whose patches fit into memory. */
function partsOf(q: number, { channels, height, length }: PhasedShape): Part[] {
  const rows = height / 2;
  const parts = Math.min(rows, Math.ceil((9 * channels * rows * length) / LARGEST));
  return Array.from({ length: parts }, (_, i) => ({ q, from: Math.floor((i * rows) / parts), to: Math.floor(((i + 1) * rows) / parts) }));
}

/** Weight `[3, 3, C, O]` and bias `[O]` as one matrix `[O, 9 · C + 1]`. */
export const kernelMatrix = (weight: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor2D =>
  tf.tidy(() => tf.transpose(tf.concat2d([tf.reshape(weight, [-1, bias.size]), tf.reshape(bias, [1, -1])], 0)));

/**
 * Convolution 3×3, stride 2, padding 1, as one product a phase.
 *
 * @param kernel see {@link kernelMatrix}
 * @returns for each output phase `[b, O, H / 2 · L]`
 */
export const convolvePhases = (table: tf.Tensor3D, kernel: tf.Tensor2D, shape: PhasedShape): tf.Tensor3D[] =>
  outputPhases(shape).map((q) =>
    tf.tidy(() => {
      const parts = partsOf(q, shape).map((part) =>
        tf.tidy(() => tf.matMul<tf.Tensor>(kernel, patchesOf(table, part, shape)) as tf.Tensor3D),
      );
      return parts.length === 1 ? parts[0]! : tf.concat(parts, 2);
    }),
  );

/**
 * Gradient of {@link convolvePhases} in weight and bias.
 *
 * @param dz for each output phase `[b, O, H / 2 · L]`
 * @returns `[9 · C + 1, O]`, the bias last
 */
export function phasedKernelGradient(table: tf.Tensor3D, dz: readonly tf.Tensor3D[], shape: PhasedShape): tf.Tensor2D {
  const { height, length } = shape;
  const ofPart = (part: Part): tf.Tensor2D =>
    tf.tidy(() => {
      const { q, from, to } = part;
      const whole = to - from === height / 2;
      const own = whole ? dz[q]! : tf.slice3d(dz[q]!, [0, 0, from * length], [-1, -1, (to - from) * length]);
      const products = tf.matMul(patchesOf(table, part, shape), own, false, true); // [b, 9 · C + 1, O]
      return products.shape[0] === 1 ? tf.squeeze<tf.Tensor2D>(products, [0]) : tf.sum(products, 0);
    });
  return tf.tidy(() => {
    const parts = outputPhases(shape).flatMap((q) => partsOf(q, shape).map(ofPart));
    return parts.length === 1 ? parts[0]! : tf.addN(parts);
  });
}

const outputPhases = ({ phases }: PhasedShape): number[] => Array.from({ length: phases / 2 }, (_, q) => q);
