import type { DecoderConfig, NamedTensors } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';

import { convolve, leaky, type Observe, type ObservedLayer } from './observe.js';

/**
 * Shows what the decoder's convolutions give, written as the paper says it: `decode` never holds them as a whole.
 *
 * @param embeddings `[B, E]`
 */
export function observeDecoder(weights: NamedTensors, embeddings: tf.Tensor2D, config: DecoderConfig, observe: Observe): void {
  const { grid, classes, decoderChannels, decoderWidth, decoderHidden } = config;
  const [height, width] = config.prepShape;
  const views: readonly [ObservedLayer, channels: number, height: number, width: number][] = [
    ['conv1', decoderChannels, height, decoderWidth],
    ['conv2', decoderWidth / 4, height / 2, width / 4],
    ['conv3', decoderHidden, height / 4, width / 8],
  ];
  tf.tidy(() => {
    const planes: tf.Tensor4D = tf.reshape(embeddings, [-1, config.embeddingSize / grid ** 2, grid, grid]);
    const show = (layer: ObservedLayer, x: tf.Tensor4D, stride: number): tf.Tensor4D => {
      const pixels: tf.Tensor4D = tf.transpose(x, [0, 2, 3, 1]);
      const output = convolve(weights, `${layer}.0`, pixels, { strides: [stride, stride], padding: [1, 1] });
      observe(layer, output);
      return output;
    };
    if (classes > 1) show('arch_conv', planes, 2);
    let x = planes;
    for (const [layer, ...view] of views) x = tf.reshape(tf.transpose(leaky(show(layer, x, 2)), [0, 3, 1, 2]), [-1, ...view]);
    show('conv4', x, 1);
  });
}
