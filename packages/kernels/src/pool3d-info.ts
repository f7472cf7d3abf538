import { backend_util, type MaxPool3DAttrs } from '@tensorflow/tfjs-core';

/**
 * `computePool3DInfo` of TensorFlow.js.
 *
 * @throws Error if the window is smaller than its stride with padding `same`: TensorFlow.js then skips the first pixels on some backends and not on
 *   others, so that gradients would be those of another network
 */
export function pool3DInfo(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: MaxPool3DAttrs,
): backend_util.Conv3DInfo {
  const sizes = shape as [number, number, number, number, number];
  const info = backend_util.computePool3DInfo(sizes, filterSize, strides, 1, pad as 'same', dimRoundingMode);
  const { front, back, top, bottom, left, right } = info.padInfo;
  if (Math.min(front, back, top, bottom, left, right) >= 0) return info;
  throw new Error(`pooling in three dimensions: expected a window of at least its stride with padding 'same', got window [${filterSize}] and strides [${strides}]; pad by 'valid', with tf.pad before it where that is needed`); // prettier-ignore
}
