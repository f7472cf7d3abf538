import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { Conv2DGeometry } from '../../conv2d-geometry.js';
import { axisPhases, type AxisPhase } from './axis-phases.js';
import type { GemmEngine } from '../gemm/engine.js';
import type { Index } from '../gemm/offsets.js';
import { float32View, type WasmBackend } from '../heap.js';
import { paddedInput } from './padded-input.js';

/** The offsets of the pixels that the outputs read in a padded image batch, and the offsets of the taps' channels from such a pixel. */
function patchIndices(geometry: Conv2DGeometry, [, height, width, channels]: readonly number[]): { pixels: Index; taps: Index } {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels } = geometry;
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
      [inChannels, 1], // those of a group
    ],
  };
}

/**
 * A convolution as one product, `y[p, co] = Σ_(kh, kw, ci) x[p + (kh, kw), ci] · w[(kh, kw, ci), co]`.
 *
 * @param geometry of one group
 * @param groups parts of the channels, each of which is a product by itself
 */
export function convolve(
  engine: GemmEngine,
  backend: WasmBackend,
  x: TensorInfo,
  filter: TensorInfo,
  geometry: Conv2DGeometry,
  groups = 1,
): TensorInfo {
  const { outChannels, filterHeight, filterWidth, inChannels } = geometry;
  const outputs = groups * outChannels;
  const out = backend.makeOutput([...geometry.outShape.slice(0, 3), outputs], 'float32');
  const { padded, release } = paddedInput(backend, x, geometry.padInfo);
  const { pixels, taps } = patchIndices(geometry, padded.shape);
  const count = pixels.reduce((size, [digit]) => size * digit, 1);
  for (let group = 0; group < groups; group++) {
    engine.multiply({
      a: { address: backend.getMemoryOffset(padded.dataId) + 4 * group * inChannels, lines: pixels, steps: taps },
      b: {
        address: backend.getMemoryOffset(filter.dataId) + 4 * group * outChannels,
        steps: [[filterHeight * filterWidth * inChannels, outputs]],
        columns: [[outChannels, 1]],
      },
      c: { address: backend.getMemoryOffset(out.dataId) + 4 * group * outChannels, lines: [[count, outputs]] },
    });
  }
  release();
  return out;
}

/**
 * A convolution's filter gradient as one product, `dw[(kh, kw, ci), co] = Σ_p x[p + (kh, kw), ci] · dy[p, co]`.
 *
 * @param geometry of one group
 */
export function filterGradient(
  engine: GemmEngine,
  backend: WasmBackend,
  x: TensorInfo,
  dy: TensorInfo,
  geometry: Conv2DGeometry,
  groups = 1,
): TensorInfo {
  const { outChannels, filterHeight, filterWidth, inChannels, batchSize, outHeight, outWidth } = geometry;
  const outputs = groups * outChannels;
  const out = backend.makeOutput([filterHeight, filterWidth, inChannels, outputs], 'float32');
  const { padded, release } = paddedInput(backend, x, geometry.padInfo);
  const { pixels, taps } = patchIndices(geometry, padded.shape);
  for (let group = 0; group < groups; group++) {
    engine.multiply({
      a: { address: backend.getMemoryOffset(padded.dataId) + 4 * group * inChannels, lines: taps, steps: pixels },
      b: {
        address: backend.getMemoryOffset(dy.dataId) + 4 * group * outChannels,
        steps: [[batchSize * outHeight * outWidth, outputs]],
        columns: [[outChannels, 1]],
      },
      c: {
        address: backend.getMemoryOffset(out.dataId) + 4 * group * outChannels,
        lines: [[filterHeight * filterWidth * inChannels, outputs]],
      },
    });
  }
  release();
  return out;
}

/**
 * A convolution's input gradient as one product per phase of the stride (see `axisPhases`),
 * `dx[q, ci] = Σ_(jh, jw, co) dy[q − (jh, jw), co] · w[(r + j · stride), ci, co]`.
 *
 * @param geometry of one group
 */
export function inputGradient(
  engine: GemmEngine,
  backend: WasmBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  geometry: Conv2DGeometry,
  groups = 1,
): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterWidth, strideHeight, strideWidth } = geometry;
  const { padInfo, filterHeight } = geometry;
  const [inputs, outputs] = [groups * inChannels, groups * outChannels];
  const rows = axisPhases({ size: inHeight, outSize: outHeight, taps: filterHeight, stride: strideHeight, pad: padInfo.top });
  const columns = axisPhases({ size: inWidth, outSize: outWidth, taps: filterWidth, stride: strideWidth, pad: padInfo.left });
  const padding = {
    top: most(rows, 'padBefore'),
    bottom: most(rows, 'padAfter'),
    left: most(columns, 'padBefore'),
    right: most(columns, 'padAfter'),
  };
  const dx = backend.makeOutput([batchSize, inHeight, inWidth, inputs], 'float32');
  const { padded, release } = paddedInput(backend, dy, padding);
  const [, paddedHeight, paddedWidth] = padded.shape as [number, number, number, number];
  if ([...rows, ...columns].some(({ taps }) => taps === 0)) float32View(backend, dx).fill(0);
  const [dyPixel, dyRow] = [outputs, paddedWidth * outputs];
  const [dxPixel, dxRow] = [inputs, inWidth * inputs];
  const [tap, tapRow] = [inChannels * outputs, filterWidth * inChannels * outputs];
  const phases = rows
    .flatMap((row) => columns.map((column) => ({ row, column })))
    .filter((phase) => phase.row.taps * phase.column.taps > 0);
  for (const { row, column } of phases) {
    const firstDy = (padding.top + row.quotient) * dyRow + (padding.left + column.quotient) * dyPixel;
    const firstDx = row.first * dxRow + column.first * dxPixel;
    for (let group = 0; group < groups; group++) {
      engine.multiply({
        a: {
          address: backend.getMemoryOffset(padded.dataId) + 4 * (firstDy + group * outChannels),
          lines: [[batchSize, paddedHeight * dyRow], [row.count, dyRow], [column.count, dyPixel]], // prettier-ignore
          steps: [[row.taps, -dyRow], [column.taps, -dyPixel], [outChannels, 1]], // prettier-ignore
        },
        b: {
          address: backend.getMemoryOffset(filter.dataId) + 4 * (row.firstTap * tapRow + column.firstTap * tap + group * outChannels),
          steps: [[row.taps, strideHeight * tapRow], [column.taps, strideWidth * tap], [outChannels, 1]], // prettier-ignore
          columns: [[inChannels, outputs]],
        },
        c: {
          address: backend.getMemoryOffset(dx.dataId) + 4 * (firstDx + group * inChannels),
          lines: [[batchSize, inHeight * dxRow], [row.count, strideHeight * dxRow], [column.count, strideWidth * dxPixel]], // prettier-ignore
        },
      });
    }
  }
  release();
  return dx;
}

const most = (phases: readonly AxisPhase[], side: 'padBefore' | 'padAfter'): number => Math.max(...phases.map((phase) => phase[side]));
