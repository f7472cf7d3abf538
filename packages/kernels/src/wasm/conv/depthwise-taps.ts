import type { backend_util } from '@tensorflow/tfjs-core';

import { validRange } from '../pool/valid-range.js';

/** A filter tap with the input pixel and the output pixel that it connects, as offsets of their first channels. */
export type VisitTap = (input: number, output: number, filter: number) => void;

/** Visits every (input pixel, output pixel, filter tap) that a depthwise convolution multiplies. */
export function forEachDepthwiseTap(geometry: backend_util.Conv2DInfo, visit: VisitTap): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = geometry;
  for (let kh = 0; kh < filterHeight; kh++) {
    const rows = validRange(kh * dilationHeight - padInfo.top, strideHeight, inHeight, outHeight);
    for (let kw = 0; kw < filterWidth; kw++) {
      const columns = validRange(kw * dilationWidth - padInfo.left, strideWidth, inWidth, outWidth);
      const filter = (kh * filterWidth + kw) * outChannels;
      for (let b = 0; b < batchSize; b++) {
        for (let r = 0; r < rows.count; r++) {
          const inputRow = (b * inHeight + rows.source + r * strideHeight) * inWidth + columns.source;
          const outputRow = (b * outHeight + rows.first + r) * outWidth + columns.first;
          for (let c = 0; c < columns.count; c++) {
            visit((inputRow + c * strideWidth) * inChannels, (outputRow + c) * outChannels, filter);
          }
        }
      }
    }
  }
}
