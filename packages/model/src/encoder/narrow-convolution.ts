import * as tf from '@tensorflow/tfjs-core';

/** The places of a 3×3 filter, as TensorFlow orders its taps. */
const TAPS = [0, 1, 2].flatMap((kh) => [0, 1, 2].map((kw) => [kh, kw] as const));

/**
 * Convolution 3×3, stride 1, padding 1, channels first, to few outputs: one product serves all taps at once, and its results are then moved
 * to their places and added. With few outputs this moves less data than patches of the input would.
 *
 * @param x `[b, C, h, w]`
 * @param weight `[3, 3, C, O]`
 * @param bias `[O]`
 * @returns `[b, O, h, w]`
 */
export function narrowConvolution(x: tf.Tensor4D, weight: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  return tf.tidy(() => {
    const [batch, channels, height, width] = x.shape;
    const outputs = bias.size;
    const kernel = tf.reshape<tf.Rank.R2>(tf.transpose(weight, [0, 1, 3, 2]), [9 * outputs, channels]);
    const byTap = tf.matMul<tf.Tensor>(kernel, tf.reshape<tf.Rank.R3>(x, [batch, channels, height * width])); // [b, 9 · O, h · w]
    const padded = tf.pad(tf.reshape(byTap, [batch, 9 * outputs, height, width]), EDGES);
    const parts = TAPS.map(([kh, kw], tap) => tf.slice(padded, [0, tap * outputs, kh, kw], [-1, outputs, height, width]));
    return tf.add(tf.addN(parts), tf.reshape(bias, [1, outputs, 1, 1]));
  });
}

/**
 * Gradients of {@link narrowConvolution} in input, weight and bias.
 *
 * @param dy `[b, O, h, w]`
 */
export function narrowConvolutionGradients(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
): { readonly x: tf.Tensor4D; readonly weight: tf.Tensor4D; readonly bias: tf.Tensor1D } {
  return tf.tidy(() => {
    const [batch, channels, height, width] = x.shape;
    const outputs = weight.shape[3];
    const padded = tf.pad(dy, EDGES);
    // In the gradient a tap's offset has the opposite sign.
    const patches = TAPS.map(([kh, kw]) => tf.slice(padded, [0, 0, 2 - kh, 2 - kw], [-1, outputs, height, width]));
    const moved = tf.reshape<tf.Rank.R3>(tf.concat(patches, 1), [batch, 9 * outputs, height * width]);
    const kernel = tf.reshape<tf.Rank.R2>(tf.transpose(weight, [2, 0, 1, 3]), [channels, 9 * outputs]);
    const ofX: tf.Tensor4D = tf.reshape(tf.matMul<tf.Tensor>(kernel, moved), x.shape);
    const pixels = tf.reshape<tf.Rank.R3>(x, [batch, channels, height * width]);
    const ofKernel = tf.sum(tf.matMul(moved, pixels, false, true), 0); // [9 · O, C]
    const ofWeight: tf.Tensor4D = tf.transpose(tf.reshape(ofKernel, [3, 3, outputs, channels]), [0, 1, 3, 2]);
    return { x: ofX, weight: ofWeight, bias: tf.sum(dy, [0, 2, 3]) };
  });
}

const EDGES: [number, number][] = [[0, 0], [0, 0], [1, 1], [1, 1]]; // prettier-ignore
