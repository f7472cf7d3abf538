import type { Conv2DGeometry } from '../conv2d-geometry.js';

/**
 * Whether TensorFlow's filter gradient is slow for a convolution. oneDNN takes one image and its gradient at a time. If these no longer fit
 * into the caches, it falls from 70-110 to 30 GFLOP/s a core, with strides even for smaller images. A product over gathered patches stays
 * at 60-90 if there are enough channels to pay for the gathering. Measured by `bench/kernels.ts tensorflow`.
 */
export function isPatchProductFaster(geometry: Conv2DGeometry): boolean {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, strideHeight, strideWidth } = geometry;
  const bytesOfOneImage = 4 * (inHeight * inWidth * inChannels + outHeight * outWidth * outChannels);
  const isStrided = strideHeight * strideWidth > 1;
  return inChannels * outChannels >= MIN_CHANNEL_PAIRS && bytesOfOneImage >= (isStrided ? MAX_STRIDED_IMAGE : MAX_IMAGE);
}

const MIN_CHANNEL_PAIRS = 128 * 256;
const MAX_IMAGE = 16_000_000;
const MAX_STRIDED_IMAGE = 9_000_000;
