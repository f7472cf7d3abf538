import * as tf from '@tensorflow/tfjs-core';

/**
 * The decoder's last layer: one weight and one bias for each element of the PRep, `x · scale + bias`.
 *
 * @param x `[B, H, W]`
 * @param scale `[H, W]`
 * @param bias `[H, W]`
 * @returns `[B, H, W]`
 */
export const scaleLayer = (x: tf.Tensor3D, scale: tf.Tensor2D, bias: tf.Tensor2D): tf.Tensor3D =>
  tf.tidy(() => tf.add(tf.mul(x, scale), bias));
