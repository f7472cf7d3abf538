import * as tf from '@tensorflow/tfjs-core';

import type { DecoderConfig } from './decoder-config.js';
import { decoderConvolutions } from './decoder-convolutions.js';
import { layerWeights, type NamedTensors } from '../weights/named-tensors.js';
import { scaleLayer } from './scale-layer.js';

/**
 * The decoder without its class head.
 *
 * @param planes embeddings viewed as `[B, E/g², g, g]`
 * @returns `[B, H, W]`
 */
export function decodePReps(weights: NamedTensors, planes: tf.Tensor4D, config: DecoderConfig): tf.Tensor3D {
  const kernels = [1, 2, 3, 4].map((layer) => layerWeights(weights, `conv${layer}.0`));
  const convolved = decoderConvolutions(planes, kernels, config); // [B, 32, H/4, W/8]
  const preps: tf.Tensor3D = tf.reshape(convolved, [-1, ...config.prepShape]);
  return scaleLayer(preps, weights['scalelayer.scale'] as tf.Tensor2D, weights['scalelayer.bias'] as tf.Tensor2D);
}
