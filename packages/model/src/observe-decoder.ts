import * as tf from '@tensorflow/tfjs-core';

import type { DecoderConfig } from './decoder/decoder-config.js';
import { convolution } from './layers/convolution.js';
import { leakyRelu } from './layers/leaky-relu.js';
import { layerWeights, type NamedTensors } from './files/named-tensors.js';
import type { Observe, ObservedLayer } from './observe.js';

/** Shows the outputs of the decoder's convolutions, which `decoderConvolutions` never has as a whole; written as the paper says it. */
export function observeDecoder(weights: NamedTensors, planes: tf.Tensor4D, config: DecoderConfig, observe: Observe): void {
  const [height, width] = config.prepShape;
  const { decoderChannels, decoderWidth, decoderHidden } = config;
  const views: readonly [ObservedLayer, channels: number, height: number, width: number][] = [
    ['conv1', decoderChannels, height, decoderWidth],
    ['conv2', decoderWidth / 4, height / 2, width / 4],
    ['conv3', decoderHidden, height / 4, width / 8],
  ];
  tf.tidy(() => {
    let x = planes;
    const convolve = (name: ObservedLayer, stride: number): tf.Tensor4D => {
      const pixels: tf.Tensor4D = tf.transpose(x, [0, 2, 3, 1]);
      const z = convolution(pixels, layerWeights(weights, `${name}.0`), { strides: [stride, stride], padding: [1, 1] });
      observe(name, z);
      return z;
    };
    for (const [name, ...view] of views) x = tf.reshape(tf.transpose(leakyRelu(convolve(name, 2)), [0, 3, 1, 2]), [-1, ...view]);
    convolve('conv4', 1);
  });
}
