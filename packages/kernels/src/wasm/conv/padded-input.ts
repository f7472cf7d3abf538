import type { TensorInfo } from '@tensorflow/tfjs-core';

import { copyStrided } from '../copy/copy-strided.js';
import { float32View, type WasmBackend } from '../heap.js';

export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** An image batch with zeros around it, or the batch itself if no zeros are needed. `release` frees the padded copy. */
export function paddedInput(backend: WasmBackend, x: TensorInfo, { top, bottom, left, right }: Padding) {
  if (top + bottom + left + right === 0) return { padded: x, release: () => {} };
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [paddedHeight, paddedWidth] = [top + height + bottom, left + width + right];
  const padded = backend.makeOutput([batch, paddedHeight, paddedWidth, channels], 'float32');
  const target = float32View(backend, padded);
  target.fill(0);
  copyStrided(
    float32View(backend, x),
    { offset: 0, strides: [height * width * channels, width * channels, channels, 1] },
    target,
    {
      offset: (top * paddedWidth + left) * channels,
      strides: [paddedHeight * paddedWidth * channels, paddedWidth * channels, channels, 1],
    },
    [batch, height, width, channels],
  );
  return { padded, release: () => void backend.disposeData(padded.dataId) };
}
