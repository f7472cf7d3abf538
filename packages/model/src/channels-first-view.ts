import * as tf from '@tensorflow/tfjs-core';

/**
 * PyTorch's `view` of a batch of images: re-reads the contiguous channels-first data `[B, C, H, W]` as `[B, C', H', W']`, for
 * tensors that lie channels-last.
 *
 * @param x `[B, H, W, C]`
 * @param shape `[C', H', W']` with C' · H' · W' = C · H · W
 * @returns `[B, H', W', C']`
 */
export function channelsFirstView(x: tf.Tensor4D, [channels, height, width]: readonly [number, number, number]): tf.Tensor4D {
  return tf.tidy(() => {
    const [batch] = x.shape;
    const planes = tf.transpose(x, [0, 3, 1, 2]); // [B, C, H, W]
    return tf.transpose(tf.reshape(planes, [batch, channels, height, width]), [0, 2, 3, 1]); // [B, H', W', C']
  });
}
