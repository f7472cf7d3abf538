import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { channelsFirstView } from './channels-first-view.js';
import { classHead } from './class-head.js';
import type { DecoderConfig } from './config.js';
import { convolution } from './convolution.js';
import { decoderSizes } from './decoder-sizes.js';
import { leakyRelu } from './leaky-relu.js';
import { checkWeights, layerWeights, type NamedTensors } from './named-tensors.js';
import type { Observe } from './observe.js';
import { scaleLayer } from './scale-layer.js';
import { decoderSpecs } from './specs.js';

export interface DecodeOptions {
  /** Called with each convolution's output, for looking inside; the tensors live until it returns. */
  readonly observe?: Observe | undefined;
}

/** What an embedding decodes to. */
export interface Decoded {
  /** `[B, H, W]`; `unpackPRep` reads the networks out. */
  readonly preps: tf.Tensor3D;
  /** `[B, A]`, or undefined with a single architecture. */
  readonly classLogits: tf.Tensor2D | undefined;
}

/**
 * Decodes embeddings into PReps and, with several architectures, the logits of the ClassId.
 *
 * With g = `grid`, a = `decoderChannels`, w1 = `decoderWidth`, d = `decoderHidden`, views being PyTorch's (channels first):
 * `[E/g², g, g]` → 3×3 stride 2, leaky ReLU, view `[a, H, w1]` → 3×3 stride 2 to W/8 channels, leaky ReLU, view
 * `[w1/4, H/2, W/4]` → 3×3 stride 2 to d, leaky ReLU → 3×3 to 32, view `[H, W]` → times a weight plus a bias per element.
 * Differentiable in the weights and in the embeddings.
 *
 * @param weights one tensor per `decoderSpecs(config)`, TensorFlow's axis order
 * @param embeddings `[B, E]`
 * @throws NetSpaceError `SHAPE_MISMATCH` if the embeddings are no `[B, E]` or a weight has another shape than its spec;
 *   `NOT_FOUND` if a weight is missing
 * @see Berardi et al., "Learning the Space of Deep Models", section III-B
 */
export function decode(weights: NamedTensors, embeddings: tf.Tensor2D, config: DecoderConfig, { observe }: DecodeOptions = {}): Decoded {
  checkWeights('decode', weights, decoderSpecs(config));
  const { embeddingSize, grid, classes } = config;
  if (embeddings.rank !== 2 || embeddings.shape[1] !== embeddingSize) {
    throw new NetSpaceError('SHAPE_MISMATCH', `decode: expected embeddings as [B, ${embeddingSize}], got [${embeddings.shape}]`);
  }
  const [preps, classLogits] = tf.tidy(() => {
    const { gridChannels } = decoderSizes(config);
    const planes: tf.Tensor4D = tf.reshape(embeddings, [-1, gridChannels, grid, grid]);
    const square = tf.transpose(planes, [0, 2, 3, 1]); // [B, g, g, c]
    const decoded = decodePReps(weights, square, config, observe);
    return classes > 1 ? ([decoded, classHead(weights, square, observe)] as const) : ([decoded] as const);
  });
  return { preps, classLogits };
}

function decodePReps(weights: NamedTensors, square: tf.Tensor4D, config: DecoderConfig, observe: Observe | undefined): tf.Tensor3D {
  const [height, width] = config.prepShape;
  const { decoderChannels, decoderWidth } = config;
  const halve = { strides: [2, 2], padding: [1, 1] } as const;
  const conv1 = convolution(square, layerWeights(weights, 'conv1.0'), halve); // [B, g/2, g/2, C1]
  observe?.('conv1', conv1);
  const view1 = channelsFirstView(leakyRelu(conv1), [decoderChannels, height, decoderWidth]); // [B, H, w1, a]
  const conv2 = convolution(view1, layerWeights(weights, 'conv2.0'), halve); // [B, H/2, w1/2, W/8]
  observe?.('conv2', conv2);
  const view2 = channelsFirstView(leakyRelu(conv2), [decoderWidth / 4, height / 2, width / 4]); // [B, H/2, W/4, w1/4]
  const conv3 = convolution(view2, layerWeights(weights, 'conv3.0'), halve); // [B, H/4, W/8, d]
  observe?.('conv3', conv3);
  const conv4 = convolution(leakyRelu(conv3), layerWeights(weights, 'conv4.0'), { strides: [1, 1], padding: [1, 1] }); // [B, H/4, W/8, 32]
  observe?.('conv4', conv4);
  const flat = tf.reshape(tf.transpose(conv4, [0, 3, 1, 2]), [-1, height, width]) as tf.Tensor3D; // [B, H, W]
  return scaleLayer(flat, weights['scalelayer.scale'] as tf.Tensor2D, weights['scalelayer.bias'] as tf.Tensor2D);
}
