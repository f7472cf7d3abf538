import type * as tf from '@tensorflow/tfjs-core';

/** The convolutions that can be looked at while a space encodes or decodes. */
export type ObservedLayer = 'conv1' | 'conv2' | 'conv3' | 'conv4' | 'arch_conv';

/**
 * Sees a convolution's output before activation and view.
 *
 * @param output `[B, height, width, channels]`; disposed of when the observer returns, so copy what is to stay
 */
export type Observe = (layer: ObservedLayer, output: tf.Tensor4D) => void;
