import * as tf from '@tensorflow/tfjs-core';

import type { DecoderConfig } from './config.js';
import { layerWeights, type NamedTensors } from './named-tensors.js';
import type { Observe, ObservedLayer } from './observe.js';
import { scaleLayer } from './scale-layer.js';
import { blockChannels, BORDER, viewedActivation, type View } from './viewed-activation.js';

/** Largest activation to hold at a time, in elements: networks are independent, so they are taken a few at a time. */
const CHUNK = 2 ** 25;

/** A convolution with the view of its output. */
interface Layer {
  readonly name: ObservedLayer;
  readonly weight: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
  readonly view: View;
  /** The view's channels are whole channels of the convolution, and weight and bias have been permuted for it. */
  readonly inBlocks: boolean;
}

/**
 * The decoder without its class head.
 *
 * @param square embeddings viewed as `[B, g, g, E/g²]`
 * @returns `[B, H, W]`
 */
export function decodePReps(weights: NamedTensors, square: tf.Tensor4D, config: DecoderConfig, observe: Observe | undefined): tf.Tensor3D {
  const [height, width] = config.prepShape;
  const { decoderChannels: a, decoderWidth: w1, decoderHidden: d } = config;
  const layers = [
    viewedLayer(weights, 'conv1', [a, height, w1]),
    viewedLayer(weights, 'conv2', [w1 / 4, height / 2, width / 4]),
    viewedLayer(weights, 'conv3', [d, height / 4, width / 8]),
  ];
  const largest = Math.max(...layers.map(({ view: [c, h, w] }) => c * h * w));
  const batch = square.shape[0];
  const perChunk = observe === undefined ? Math.max(1, Math.floor(CHUNK / largest)) : batch;
  const parts: tf.Tensor4D[] = [];
  for (let first = 0; first < batch; first += perChunk) {
    const some = tf.slice(square, [first, 0, 0, 0], [Math.min(perChunk, batch - first), -1, -1, -1]);
    parts.push(convolutions(weights, some, layers, observe)); // [b, H/4, W/8, 32]
  }
  const planes = tf.transpose(tf.concat(parts), [0, 3, 1, 2]); // [B, 32, H/4, W/8]
  const preps: tf.Tensor3D = tf.reshape(planes, [batch, height, width]);
  return scaleLayer(preps, weights['scalelayer.scale'] as tf.Tensor2D, weights['scalelayer.bias'] as tf.Tensor2D);
}

function viewedLayer(weights: NamedTensors, name: ObservedLayer, view: View): Layer {
  const { weight, bias } = layerWeights(weights, `${name}.0`);
  const inBlocks = weight.shape[3] % view[0] === 0; // else the view's channels straddle the convolution's
  const order = <T extends tf.Tensor>(parameter: T) => (inBlocks ? (blockChannels(parameter, view[0]) as T) : parameter);
  return { name, weight: order(weight), bias: order(bias), view, inBlocks };
}

/** The four convolutions: `[b, g, g, c]` → `[b, H/4, W/8, 32]`. */
function convolutions(weights: NamedTensors, square: tf.Tensor4D, layers: readonly Layer[], observe: Observe | undefined): tf.Tensor4D {
  const spent: tf.Tensor[] = [];
  let x: tf.Tensor4D = tf.pad(square, BORDER);
  for (const { name, weight, bias, view, inBlocks } of layers) {
    if (observe !== undefined) observeLayer(weights, name, x, observe);
    const z = tf.conv2d(x, weight, 2, 'valid');
    x = viewedActivation(z, bias, { view, inBlocks, spent });
    z.dispose(); // a convolution's gradient needs its inputs, not its output
  }
  const { weight, bias } = layerWeights(weights, 'conv4.0');
  const conv4: tf.Tensor4D = tf.add(tf.conv2d(x, weight, 1, 'valid'), bias);
  observe?.('conv4', conv4);
  return conv4;
}

const observeLayer = (weights: NamedTensors, name: ObservedLayer, x: tf.Tensor4D, observe: Observe): void => {
  const { weight, bias } = layerWeights(weights, `${name}.0`);
  observe(name, tf.add(tf.conv2d(x, weight, 2, 'valid'), bias));
};
