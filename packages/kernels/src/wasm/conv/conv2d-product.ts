import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { Conv2DGeometry } from '../../conv2d-geometry.js';
import { axisPhases, type AxisPhase } from './axis-phases.js';
import type { GemmEngine } from '../gemm/engine.js';
import type { Index } from '../gemm/offsets.js';
import { float32View, type WasmBackend } from '../heap.js';
import { paddedInput } from './padded-input.js';

/** The offsets of the pixels that the outputs read in a padded image batch, and the offsets of the taps' channels from such a pixel. */
function patchIndices(geometry: Conv2DGeometry, [, height, width, channels]: readonly number[]): { pixels: Index; taps: Index } {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const row = width! * channels!;
  return {
    pixels: [
      [batchSize, height! * row],
      [outHeight, strideHeight * row],
      [outWidth, strideWidth * channels!],
    ],
    taps: [
      [filterHeight, dilationHeight * row],
      [filterWidth, dilationWidth * channels!],
      [channels!, 1],
    ],
  };
}

/** A convolution as one product, `y[p, co] = Σ_(kh, kw, ci) x[p + (kh, kw), ci] · w[(kh, kw, ci), co]`. */
export function convolve(
  engine: GemmEngine,
  backend: WasmBackend,
  x: TensorInfo,
  filter: TensorInfo,
  geometry: Conv2DGeometry,
): TensorInfo {
  const { outChannels, filterHeight, filterWidth, inChannels } = geometry;
  const out = backend.makeOutput(geometry.outShape, 'float32');
  const { padded, release } = paddedInput(backend, x, geometry.padInfo);
  const { pixels, taps } = patchIndices(geometry, padded.shape);
  engine.multiply({
    a: { address: backend.getMemoryOffset(padded.dataId), lines: pixels, steps: taps },
    b: {
      address: backend.getMemoryOffset(filter.dataId),
      steps: [[filterHeight * filterWidth * inChannels, outChannels]],
      columns: [[outChannels, 1]],
    },
    c: { address: backend.getMemoryOffset(out.dataId), lines: [[pixels.reduce((size, [digit]) => size * digit, 1), outChannels]] },
  });
  release();
  return out;
}

/** A convolution's filter gradient as one product, `dw[(kh, kw, ci), co] = Σ_p x[p + (kh, kw), ci] · dy[p, co]`. */
export function filterGradient(
  engine: GemmEngine,
  backend: WasmBackend,
  x: TensorInfo,
  dy: TensorInfo,
  geometry: Conv2DGeometry,
): TensorInfo {
  const { outChannels, filterHeight, filterWidth, inChannels, batchSize, outHeight, outWidth } = geometry;
  const out = backend.makeOutput([filterHeight, filterWidth, inChannels, outChannels], 'float32');
  const { padded, release } = paddedInput(backend, x, geometry.padInfo);
  const { pixels, taps } = patchIndices(geometry, padded.shape);
  engine.multiply({
    a: { address: backend.getMemoryOffset(padded.dataId), lines: taps, steps: pixels },
    b: {
      address: backend.getMemoryOffset(dy.dataId),
      steps: [[batchSize * outHeight * outWidth, outChannels]],
      columns: [[outChannels, 1]],
    },
    c: { address: backend.getMemoryOffset(out.dataId), lines: [[filterHeight * filterWidth * inChannels, outChannels]] },
  });
  release();
  return out;
}

/**
 * A convolution's input gradient as one product per phase of the stride (see `axisPhases`),
 * `dx[q, ci] = Σ_(jh, jw, co) dy[q − (jh, jw), co] · w[(r + j · stride), ci, co]`.
 */
export function inputGradient(
  engine: GemmEngine,
  backend: WasmBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  geometry: Conv2DGeometry,
): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterWidth, strideHeight, strideWidth } = geometry;
  const { padInfo, filterHeight } = geometry;
  const rows = axisPhases({ size: inHeight, outSize: outHeight, taps: filterHeight, stride: strideHeight, pad: padInfo.top });
  const columns = axisPhases({ size: inWidth, outSize: outWidth, taps: filterWidth, stride: strideWidth, pad: padInfo.left });
  const padding = {
    top: most(rows, 'padBefore'),
    bottom: most(rows, 'padAfter'),
    left: most(columns, 'padBefore'),
    right: most(columns, 'padAfter'),
  };
  const dx = backend.makeOutput(geometry.inShape, 'float32');
  const { padded, release } = paddedInput(backend, dy, padding);
  const [, paddedHeight, paddedWidth] = padded.shape as [number, number, number, number];
  if ([...rows, ...columns].some(({ taps }) => taps === 0)) float32View(backend, dx).fill(0);
  const [dyPixel, dyRow] = [outChannels, paddedWidth * outChannels];
  const [dxPixel, dxRow] = [inChannels, inWidth * inChannels];
  const [tap, tapRow] = [inChannels * outChannels, filterWidth * inChannels * outChannels];
  for (const row of rows) {
    for (const column of columns) {
      if (row.taps === 0 || column.taps === 0) continue;
      const firstDy = (padding.top + row.quotient) * dyRow + (padding.left + column.quotient) * dyPixel;
      const firstDx = row.first * dxRow + column.first * dxPixel;
      engine.multiply({
        a: {
          address: backend.getMemoryOffset(padded.dataId) + 4 * firstDy,
          lines: [[batchSize, paddedHeight * dyRow], [row.count, dyRow], [column.count, dyPixel]], // prettier-ignore
          steps: [[row.taps, -dyRow], [column.taps, -dyPixel], [outChannels, 1]], // prettier-ignore
        },
        b: {
          address: backend.getMemoryOffset(filter.dataId) + 4 * (row.firstTap * tapRow + column.firstTap * tap),
          steps: [[row.taps, strideHeight * tapRow], [column.taps, strideWidth * tap], [outChannels, 1]], // prettier-ignore
          columns: [[inChannels, outChannels]],
        },
        c: {
          address: backend.getMemoryOffset(dx.dataId) + 4 * firstDx,
          lines: [[batchSize, inHeight * dxRow], [row.count, strideHeight * dxRow], [column.count, strideWidth * dxPixel]], // prettier-ignore
        },
      });
    }
  }
  release();
  return dx;
}

const most = (phases: readonly AxisPhase[], side: 'padBefore' | 'padAfter'): number => Math.max(...phases.map((phase) => phase[side]));
