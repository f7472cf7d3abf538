import * as tf from '@tensorflow/tfjs-core';

/** Slope for negative inputs, everywhere in the paper's networks. */
export const LEAKY_SLOPE = 0.01;

/** Leaky ReLU with slope 0.01: x where x > 0, 0.01 x elsewhere. */
export const leakyRelu = <T extends tf.Tensor>(x: T): T => tf.leakyRelu(x, LEAKY_SLOPE);

/** Derivative of {@link leakyRelu}: 1 where x > 0, 0.01 elsewhere. A steep ramp, cut off: two native passes on every backend. */
export const leakySlope = <T extends tf.Tensor>(x: T): T => tf.clipByValue(tf.mul<T>(x, 1e38), LEAKY_SLOPE, 1);
