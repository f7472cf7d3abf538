import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, optional, parseOptions, valueOf } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { EncoderConfig } from '../config.js';
import { convMax } from './conv-max.js';
import { convolution } from '../layers/convolution.js';
import { firstMax } from './first-max.js';
import { leakyRelu } from '../layers/leaky-relu.js';
import { checkWeights, layerWeights, type NamedTensors } from '../weights/named-tensors.js';
import { encoderSpecs } from '../weights/specs.js';
import { planRows } from './used-rows.js';

/** See {@link EncodeOptions}. */
export const encodeOptions = objectOf({
  /**
   * How many rows of the PReps are not padding, for all or for each: ⌈parameters / W⌉. The other rows must be zero. They are not read, get
   * no gradient and cost next to nothing.
   * @default all rows
   */
  usedRows: optional(
    valueOf<number | readonly number[]>('a number of rows, or a list of them', (value) =>
      [value].flat().every((rows) => typeof rows === 'number'),
    ),
  ),
});

/** Options of {@link encode}. */
export interface EncodeOptions extends GivenBy<typeof encodeOptions> {}

/**
 * Encodes PReps into embeddings: one vector of a fixed size for each network.
 *
 * First within each row: convolutions 1×3, stride 1×2 (1 → h → 2h), then the maximum over the width. Then across rows: convolutions 3×1
 * (2h → 4h → E) and the maximum over the height. A leaky ReLU of slope 0.01 follows each convolution. H and W may be any size.
 * Differentiable in the weights and in the PReps; a maximum passes its gradient to the first of equal ones.
 *
 * @param weights one tensor per spec of {@link encoderSpecs}, by its name, axes in TensorFlow's order
 * @param preps `[B, H, W]`
 * @returns embeddings `[B, E]`, which the caller disposes of
 * @throws NetSpaceError `SHAPE_MISMATCH` if the PReps are no `[B, H, W]` or a weight has another shape than its spec;
 *   `NOT_FOUND` if a weight is missing
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { encode, encoderSpecs, resolveConfig } from '@netspace/model';
 * import { tensorShape } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const config = resolveConfig({ prepShape: [4, 16], preset: 'tiny' });
 * const weights = Object.fromEntries(encoderSpecs(config).map((spec) => [spec.name, tf.zeros(tensorShape(spec))]));
 * const embeddings = encode(weights, tf.zeros([2, 4, 16]), config, { usedRows: [1, 4] });
 * console.log(embeddings.shape); // [ 2, 64 ]
 * ```
 * @see Berardi et al., "Learning the Space of Deep Models", section III-B
 */
export const encode = (weights: NamedTensors, preps: tf.Tensor3D, config: EncoderConfig, options: EncodeOptions = {}): tf.Tensor2D =>
  encodeRows(weights, preps, config, parseOptions('encode', encodeOptions, options).usedRows);

/** As {@link encode}, with its one option checked before. */
export function encodeRows(
  weights: NamedTensors,
  preps: tf.Tensor3D,
  config: EncoderConfig,
  usedRows: number | readonly number[] | undefined,
): tf.Tensor2D {
  checkWeights('encode', weights, encoderSpecs(config));
  if (preps.rank !== 3) {
    throw new NetSpaceError('SHAPE_MISMATCH', `encode: expected PReps as [B, H, W], got [${preps.shape}]; add the missing axis`);
  }
  return tf.tidy(() => {
    const { rows, spread } = planRows(preps, usedRows);
    return encodeHeight(weights, spread(encodeWidth(weights, rows)));
  });
}

/** The horizontal part: rows `[R, W]` → features `[R, 2h]`. */
function encodeWidth(weights: NamedTensors, rows: tf.Tensor2D): tf.Tensor2D {
  const { weight: weight1, bias: bias1 } = layerWeights(weights, 'conv1.0');
  const { weight: weight2, bias: bias2 } = layerWeights(weights, 'conv2.0');
  // Bias and leaky ReLU may come after the maximum, and then see one number for each row and channel.
  return leakyRelu(tf.add(convMax(rows, { weight1, bias1, weight2 }), bias2));
}

/** The vertical part: features of the rows `[B, H, 2h]` → embeddings `[B, E]`. */
function encodeHeight(weights: NamedTensors, rows: tf.Tensor3D): tf.Tensor2D {
  const down = { strides: [1, 1], padding: [1, 0] } as const;
  const conv3 = convolution(tf.expandDims(rows, 2), layerWeights(weights, 'conv3.0'), down); // [B, H, 1, 4h]
  const conv4 = convolution(leakyRelu(conv3), layerWeights(weights, 'conv4.0'), down); // [B, H, 1, E]
  return leakyRelu(firstMax(tf.squeeze(conv4, [2]), 1)) as tf.Tensor2D; // [B, E]
}
