import type { ParameterSpec, PRepShape } from '@netspace/prep';
import { count, numberOf, objectOf, type UsedBy, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { leakyRelu } from '../layers/leaky-relu.js';
import type { NamedTensors } from '../weights/named-tensors.js';
import { scaleLayer } from './scale-layer.js';

/** Most hidden layers: each is a list of names to check, and more never helped. */
export const DENSE_LAYERS_LIMIT = 64;

/** See {@link Dense}. */
export const denseOptions = objectOf({
  /**
   * Hidden layers.
   * @default 2
   */
  layers: withDefault(
    numberOf(`an integer from 1 to ${DENSE_LAYERS_LIMIT}`, (value) => Number.isInteger(value) && value >= 1 && value <= DENSE_LAYERS_LIMIT),
    2,
  ),
  /**
   * Units of each.
   * @default 512
   */
  units: withDefault(count, 512),
});

/** Sizes of a dense decoder, which takes the place of the paper's convolutions. */
export interface Dense extends UsedBy<typeof denseOptions> {}

interface Sized {
  readonly embeddingSize: number;
  readonly prepShape: PRepShape;
}

/** The layers' weights as a PyTorch `Linear` has them, and their biases. */
export function denseSpecs({ layers, units }: Dense, { embeddingSize, prepShape: [height, width] }: Sized): ParameterSpec[] {
  const sizes = [embeddingSize, ...Array<number>(layers).fill(units), height * width];
  return sizes.slice(1).flatMap((outputs, i) => [
    { name: `dense${i + 1}.weight`, shape: [outputs, sizes[i]!], tensorAxes: [1, 0] }, // [out, in] → [in, out]
    { name: `dense${i + 1}.bias`, shape: [outputs] },
  ]);
}

/**
 * Decodes by fully connected layers, leaky ReLU after each but the last, and the scale layer. Every number of the PRep then has weights of
 * its own, where the paper's convolutions share theirs.
 *
 * @param embeddings `[B, E]`
 * @returns `[B, H, W]`
 */
export function decodeDense(weights: NamedTensors, embeddings: tf.Tensor2D, { layers }: Dense, { prepShape }: Sized): tf.Tensor3D {
  return tf.tidy(() => {
    let features = embeddings;
    for (let layer = 1; layer <= layers; layer++) features = leakyRelu(linear(weights, layer, features)); // [B, units]
    const preps: tf.Tensor3D = tf.reshape(linear(weights, layers + 1, features), [-1, ...prepShape]); // [B, H, W]
    return scaleLayer(preps, weights['scalelayer.scale'] as tf.Tensor2D, weights['scalelayer.bias'] as tf.Tensor2D);
  });
}

const linear = (weights: NamedTensors, layer: number, features: tf.Tensor2D): tf.Tensor2D =>
  tf.add(tf.matMul(features, weights[`dense${layer}.weight`] as tf.Tensor2D), weights[`dense${layer}.bias`] as tf.Tensor1D);
