import * as tf from '@tensorflow/tfjs-core';

/** A row of zeros with a one at each index, `[..., depth]` float32. The cast is needed because wasm's OneHot always writes integers. */
export const oneHot = (indices: tf.Tensor, depth: number): tf.Tensor => tf.cast(tf.oneHot(tf.cast(indices, 'int32'), depth), 'float32');
