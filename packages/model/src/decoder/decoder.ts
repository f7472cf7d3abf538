import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { classHead } from './class-head.js';
import type { DecoderConfig } from './decoder-config.js';
import { decodePReps } from './decode-preps.js';
import { decodeDense } from './dense-decoder.js';
import { decoderSizes } from './decoder-sizes.js';
import { checkWeights, type NamedTensors } from '../weights/named-tensors.js';
import { decoderSpecs } from '../weights/specs.js';

/** The result of decoding B embeddings. */
export interface Decoded {
  /** `[B, H, W]`; `unpackPRep` reads a network's parameters from one. */
  readonly preps: tf.Tensor3D;
  /** Logits of the ClassId, `[B, A]`; undefined with a single architecture. */
  readonly classLogits: tf.Tensor2D | undefined;
}

/**
 * Decodes embeddings into PReps and, with several architectures, the logits of the ClassId.
 *
 * With g = `grid`, a = `decoderChannels`, w1 = `decoderWidth`, d = `decoderHidden`, views being PyTorch's (channels first):
 * `[E/g², g, g]` → 3×3 stride 2, leaky ReLU, view `[a, H, w1]` → 3×3 stride 2 to W/8 channels, leaky ReLU, view
 * `[w1/4, H/2, W/4]` → 3×3 stride 2 to d, leaky ReLU → 3×3 to 32, view `[H, W]` → times a weight plus a bias per element.
 * With `dense`, fully connected layers with leaky ReLU stand in place of the convolutions. Differentiable in the weights and in the embeddings.
 *
 * @param weights one tensor per spec of {@link decoderSpecs}, by its name, axes in TensorFlow's order
 * @param embeddings `[B, E]`
 * @returns tensors that the caller disposes of
 * @throws NetSpaceError `SHAPE_MISMATCH` if the embeddings are no `[B, E]` or a weight has another shape than its spec;
 *   `NOT_FOUND` if a weight is missing
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { decode, decoderSpecs, resolveConfig } from '@netspace/model';
 * import { tensorShape } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const config = resolveConfig({ prepShape: [4, 16], preset: 'tiny', classes: 3 });
 * const weights = Object.fromEntries(decoderSpecs(config).map((spec) => [spec.name, tf.zeros(tensorShape(spec))]));
 * const { preps, classLogits } = decode(weights, tf.zeros([2, config.embeddingSize]), config);
 * console.log(preps.shape, classLogits?.shape); // [ 2, 4, 16 ] [ 2, 3 ]
 * ```
 * @see Berardi et al., "Learning the Space of Deep Models", section III-B
 */
export function decode(weights: NamedTensors, embeddings: tf.Tensor2D, config: DecoderConfig): Decoded {
  checkWeights('decode', weights, decoderSpecs(config));
  const { embeddingSize, grid, classes, dense } = config;
  if (embeddings.rank !== 2 || embeddings.shape[1] !== embeddingSize) {
    throw new NetSpaceError('SHAPE_MISMATCH', `decode: expected embeddings as [B, ${embeddingSize}], got [${embeddings.shape}]`);
  }
  const [preps, classLogits] = tf.tidy(() => {
    const planes: tf.Tensor4D = tf.reshape(embeddings, [-1, decoderSizes(config).gridChannels, grid, grid]);
    const decoded = dense === undefined ? decodePReps(weights, planes, config) : decodeDense(weights, embeddings, dense, config);
    if (classes === 1) return [decoded] as const;
    return [decoded, classHead(weights, tf.transpose(planes, [0, 2, 3, 1]))] as const; // [B, g, g, c]
  });
  return { preps, classLogits };
}
