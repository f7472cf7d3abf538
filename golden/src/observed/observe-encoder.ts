import type { NamedTensors } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';

import { convolve, leaky, type Observe } from './observe.js';

/**
 * Shows what the encoder's convolutions give, written as the paper says it: `encode` never holds the first two as a whole.
 *
 * @param preps `[B, H, W]`
 */
export function observeEncoder(weights: NamedTensors, preps: tf.Tensor3D, observe: Observe): void {
  tf.tidy(() => {
    const along = { strides: [1, 2], padding: [0, 1] } as const;
    const down = { strides: [1, 1], padding: [1, 0] } as const;
    const conv1 = convolve(weights, 'conv1.0', tf.expandDims(preps, 3), along); // [B, H, W/2, h]
    observe('conv1', conv1);
    const conv2 = convolve(weights, 'conv2.0', leaky(conv1), along); // [B, H, W/4, 2h]
    observe('conv2', conv2);
    const conv3 = convolve(weights, 'conv3.0', tf.max(leaky(conv2), 2, true), down); // [B, H, 1, 4h]
    observe('conv3', conv3);
    observe('conv4', convolve(weights, 'conv4.0', leaky(conv3), down)); // [B, H, 1, E]
  });
}
