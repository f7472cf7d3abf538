import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { classHead } from './class-head.js';
import type { DecoderConfig } from './config.js';
import { decoderSizes } from './decoder-sizes.js';
import { checkWeights, layerWeights, type NamedTensors } from './named-tensors.js';
import type { Observe, ObservedLayer } from './observe.js';
import { scaleLayer } from './scale-layer.js';
import { decoderSpecs } from './specs.js';
import { blockChannels, BORDER, viewedActivation, type View } from './viewed-activation.js';

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
  const { decoderChannels: a, decoderWidth: w1, decoderHidden: d } = config;
  const layer = (name: ObservedLayer, x: tf.Tensor4D, stride: number, view: View) =>
    activatedLayer(weights, name, x, stride, view, observe);
  const view1 = layer('conv1', tf.pad(square, BORDER), 2, [a, height, w1]); // [B, H + 2, w1 + 2, a]
  const view2 = layer('conv2', view1, 2, [w1 / 4, height / 2, width / 4]); // [B, H/2 + 2, W/4 + 2, w1/4]
  const hidden = layer('conv3', view2, 2, [d, height / 4, width / 8]); // [B, H/4 + 2, W/8 + 2, d]
  const { weight, bias } = layerWeights(weights, 'conv4.0');
  const conv4: tf.Tensor4D = tf.add(tf.conv2d(hidden, weight, 1, 'valid'), bias); // [B, H/4, W/8, 32]
  observe?.('conv4', conv4);
  const flat = tf.reshape(tf.transpose(conv4, [0, 3, 1, 2]), [-1, height, width]) as tf.Tensor3D; // [B, H, W]
  return scaleLayer(flat, weights['scalelayer.scale'] as tf.Tensor2D, weights['scalelayer.bias'] as tf.Tensor2D);
}

/** Convolution 3×3 of a bordered input, bias, leaky ReLU, view and the next border. */
function activatedLayer(
  weights: NamedTensors,
  name: ObservedLayer,
  x: tf.Tensor4D,
  stride: number,
  view: View,
  observe: Observe | undefined,
): tf.Tensor4D {
  const { weight, bias } = layerWeights(weights, `${name}.0`);
  observe?.(name, tf.add(tf.conv2d(x, weight, stride, 'valid'), bias));
  const [channels] = view;
  const inBlocks = weight.shape[3] % channels === 0; // else the view's channels straddle the convolution's
  const order = <T extends tf.Tensor>(parameter: T) => (inBlocks ? (blockChannels(parameter, channels) as T) : parameter);
  return viewedActivation(tf.conv2d(x, order(weight), stride, 'valid'), order(bias), view, inBlocks);
}
