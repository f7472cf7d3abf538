import * as tf from '@tensorflow/tfjs-core';

import type { Conv2DGeometry } from '../conv2d-geometry.js';

/** With fewer channels than this, the taps of one filter row share a product, because its matrices would be too narrow otherwise. */
const MIN_TAP_CHANNELS = 256;

/**
 * A convolution's filter gradient as products over gathered patches, `dw[(kh, kw, ci), co] = Σ_p x[p + (kh, kw), ci] · dy[p, co]`.
 *
 * Patches are gathered by plain slices (TensorFlow's strided ones are slow): the padded image is seen as one image per phase of the
 * stride, `[B, H / s, s, W / s, s · C]`. One filter row is done at a time, so that only its patches are in memory.
 *
 * @param x `[B, H, W, Ci]`
 * @param dy `[B, OH, OW, Co]`
 * @returns `[KH, KW, Ci, Co]`
 */
export function patchProduct(x: tf.Tensor4D, dy: tf.Tensor4D, geometry: Conv2DGeometry): tf.Tensor4D {
  const { batchSize, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, strideHeight, strideWidth } = geometry;
  const pixels = batchSize * outHeight * outWidth;
  return tf.tidy(() => {
    const phases = splitIntoPhases(x, geometry); // [B, H / s, s, W / s, s · Ci]
    const gradient = tf.reshape(dy, [pixels, outChannels]);
    const tap = (kh: number, kw: number): tf.Tensor => {
      const begin = [0, Math.floor(kh / strideHeight), kh % strideHeight, Math.floor(kw / strideWidth), (kw % strideWidth) * inChannels];
      return tf.reshape(tf.slice(phases, begin, [batchSize, outHeight, 1, outWidth, inChannels]), [pixels, inChannels]);
    };
    const rows = Array.from({ length: filterHeight }, (_, kh) =>
      tf.tidy(() => {
        const taps = Array.from({ length: filterWidth }, (__, kw) => tap(kh, kw)); // KW × [P, Ci]
        if (inChannels >= MIN_TAP_CHANNELS) return tf.concat(taps.map((patches) => tf.matMul(patches, gradient, true)));
        return tf.matMul(tf.concat(taps, 1), gradient, true); // [KW · Ci, Co]
      }),
    );
    return tf.reshape(tf.concat(rows), [filterHeight, filterWidth, inChannels, outChannels]);
  });
}

function splitIntoPhases(x: tf.Tensor4D, geometry: Conv2DGeometry): tf.Tensor {
  const { batchSize, inHeight, inWidth, inChannels, strideHeight, strideWidth, padInfo } = geometry;
  const rows = Math.ceil((padInfo.top + inHeight + padInfo.bottom) / strideHeight);
  const columns = Math.ceil((padInfo.left + inWidth + padInfo.right) / strideWidth);
  const below = rows * strideHeight - inHeight - padInfo.top;
  const right = columns * strideWidth - inWidth - padInfo.left;
  const isWhole = padInfo.top + below + padInfo.left + right === 0;
  const padded = isWhole ? x : tf.pad(x, [[0, 0], [padInfo.top, below], [padInfo.left, right], [0, 0]]); // prettier-ignore
  return tf.reshape(padded, [batchSize, rows, strideHeight, columns, strideWidth * inChannels]);
}
