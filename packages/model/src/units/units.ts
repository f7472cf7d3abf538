import type * as tf from '@tensorflow/tfjs-core';

/** Mean and deviation of the PReps of each architecture: the units in which the encoder reads and the decoder writes them. */
export interface Normalization {
  /** `[A, H, W]`: the mean of each element over the PReps of each architecture. */
  readonly mean: tf.Tensor3D;
  /**
   * `[A, H, W]`: the standard deviation about the mean, one value for all elements of a parameter tensor; 1 if the networks do not differ.
   */
  readonly deviation: tf.Tensor3D;
  /**
   * `[A, H, W]`: the PRep that a zero of the decoder stands for, such as a working network of each architecture. A mean of weights does not
   * work as a network. The encoder always measures from the mean.
   *
   * @default mean
   */
  readonly start?: tf.Tensor3D;
}
