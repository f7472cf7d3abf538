import type * as tf from '@tensorflow/tfjs-core';

/** How the PReps of each architecture lie; the encoder and the decoder see them in these units. */
export interface Normalization {
  /** `[A, H, W]`: where the middle is, for each element of each architecture's PReps. */
  readonly mean: tf.Tensor3D;
  /** `[A, H, W]`: how far networks are from it, the same for all elements of a parameter tensor; 1 where they do not differ. */
  readonly deviation: tf.Tensor3D;
  /**
   * `[A, H, W]`: what the decoder's nought stands for, such as a working network of each architecture, since averaged weights do not work;
   * the mean, where left out. The encoder measures from the mean all the same.
   */
  readonly start?: tf.Tensor3D;
}
