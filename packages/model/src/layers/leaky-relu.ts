import * as tf from '@tensorflow/tfjs-core';

/** Slope for negative inputs, everywhere in the paper's networks. */
export const LEAKY_SLOPE = 0.01;

/** Leaky ReLU with slope 0.01: x where x > 0, 0.01 x elsewhere. */
export const leakyRelu = <T extends tf.Tensor>(x: T): T => tf.leakyRelu(x, LEAKY_SLOPE);
