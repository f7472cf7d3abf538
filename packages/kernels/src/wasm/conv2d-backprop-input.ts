import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { Conv2DBackpropInput, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../conv2d-geometry.js';
import { axisPhases, type AxisPhase } from './axis-phases.js';
import { copyStrided } from './copy-strided.js';
import { float32View } from './heap.js';
import { runKernel } from './run-kernel.js';

/**
 * Gradient of a convolution for its input, as one plain convolution per phase of the stride: the input rows (and columns) with
 * the same remainder modulo the stride meet the same taps, so each such phase is a stride-1 convolution of `dy` with those taps.
 * tfjs-backend-wasm has this kernel, as a scalar loop.
 */
export const conv2DBackpropInputConfig: KernelConfig = {
  kernelName: Conv2DBackpropInput,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as BackendWasm;
    const dy = inputs['dy']!;
    const filter = inputs['filter']!;
    const geometry = conv2DGeometry('Conv2DBackpropInput', attrs!['inputShape'] as number[], filter.shape, attrs!);
    const { inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = geometry;
    const rows = axisPhases({ size: inHeight, outSize: outHeight, taps: filterHeight, stride: strideHeight, pad: padInfo.top });
    const columns = axisPhases({ size: inWidth, outSize: outWidth, taps: filterWidth, stride: strideWidth, pad: padInfo.left });
    const dx = wasm.makeOutput(geometry.inShape, 'float32');
    if (rows.some(isEmpty) || columns.some(isEmpty)) float32View(wasm, dx).fill(0);
    for (const row of rows) {
      for (const column of columns) {
        if (!isEmpty(row) && !isEmpty(column)) addPhase(wasm, dy, filter, dx, { row, column, strideHeight, strideWidth });
      }
    }
    return dx;
  },
};

const isEmpty = ({ taps, count }: AxisPhase): boolean => taps === 0 || count === 0;

interface Phase {
  readonly row: AxisPhase;
  readonly column: AxisPhase;
  readonly strideHeight: number;
  readonly strideWidth: number;
}

function addPhase(backend: BackendWasm, dy: TensorInfo, filter: TensorInfo, dx: TensorInfo, phase: Phase): void {
  const { row, column, strideHeight, strideWidth } = phase;
  const taps = flippedTaps(backend, filter, phase); // [KH', KW', Co, Ci]
  const partial = runKernel(
    'Conv2D',
    backend,
    { x: dy, filter: taps },
    {
      strides: [1, 1],
      dilations: [1, 1],
      dataFormat: 'NHWC',
      pad: [
        [0, 0],
        [row.padBefore, row.padAfter],
        [column.padBefore, column.padAfter],
        [0, 0],
      ],
    },
  );
  backend.disposeData(taps.dataId);
  const [batch, inHeight, inWidth, inChannels] = dx.shape as [number, number, number, number];
  const [, height, width] = partial.shape as [number, number, number, number];
  copyStrided(
    float32View(backend, partial),
    { offset: (row.skip * width + column.skip) * inChannels, strides: [height * width * inChannels, width * inChannels, inChannels, 1] },
    float32View(backend, dx),
    {
      offset: (row.first * inWidth + column.first) * inChannels,
      strides: [inHeight * inWidth * inChannels, strideHeight * inWidth * inChannels, strideWidth * inChannels, 1],
    },
    [batch, row.count, column.count, inChannels],
  );
  backend.disposeData(partial.dataId);
}

function flippedTaps(backend: BackendWasm, filter: TensorInfo, { row, column, strideHeight, strideWidth }: Phase): TensorInfo {
  const [, filterWidth, inChannels, outChannels] = filter.shape as [number, number, number, number];
  const taps = backend.makeOutput([row.taps, column.taps, outChannels, inChannels], 'float32');
  const tap = inChannels * outChannels;
  const last = (row.lastTap * filterWidth + column.lastTap) * tap;
  copyStrided(
    float32View(backend, filter),
    { offset: last, strides: [-strideHeight * filterWidth * tap, -strideWidth * tap, 1, outChannels] },
    float32View(backend, taps),
    { offset: 0, strides: [column.taps * tap, tap, inChannels, 1] },
    taps.shape,
  );
  return taps;
}
