import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { Conv2DBackpropFilter, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';

import { conv2DGeometry, type Conv2DGeometry } from '../conv2d-geometry.js';
import { copyStrided } from './copy-strided.js';
import { float32View } from './heap.js';
import { runKernel } from './run-kernel.js';
import { validRange } from './valid-range.js';

/**
 * Gradient of a convolution for its filter, which tfjs-backend-wasm lacks: one matrix product over transposed patches,
 * `dW[(kh, kw, ci), co] = Σ_p patches[(kh, kw, ci), p] · dy[p, co]`.
 */
export const conv2DBackpropFilterConfig: KernelConfig = {
  kernelName: Conv2DBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as BackendWasm;
    const x = inputs['x']!;
    const dy = inputs['dy']!;
    const geometry = conv2DGeometry('Conv2DBackpropFilter', x.shape, attrs!['filterShape'] as number[], attrs!);
    const { filterHeight, filterWidth, inChannels, outChannels } = geometry;
    const pixels = geometry.batchSize * geometry.outHeight * geometry.outWidth;
    const patches = gatherTransposedPatches(wasm, x, geometry); // [KH·KW·Ci, P]
    const product = runKernel(
      'BatchMatMul',
      wasm,
      { a: patches, b: { dataId: dy.dataId, dtype: dy.dtype, shape: [pixels, outChannels] } },
      { transposeA: false, transposeB: false },
    );
    wasm.disposeData(patches.dataId);
    return { ...product, shape: [filterHeight, filterWidth, inChannels, outChannels] };
  },
};

function gatherTransposedPatches(backend: BackendWasm, x: TensorInfo, geometry: Conv2DGeometry): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = geometry;
  const pixels = batchSize * outHeight * outWidth;
  const patches = backend.makeOutput([filterHeight * filterWidth * inChannels, pixels], 'float32');
  const source = float32View(backend, x);
  const target = float32View(backend, patches);
  target.fill(0); // taps that fall into the padding
  for (let kh = 0; kh < filterHeight; kh++) {
    const rows = validRange(kh * dilationHeight - padInfo.top, strideHeight, inHeight, outHeight);
    for (let kw = 0; kw < filterWidth; kw++) {
      const columns = validRange(kw * dilationWidth - padInfo.left, strideWidth, inWidth, outWidth);
      const tap = (kh * filterWidth + kw) * inChannels * pixels;
      copyStrided(
        source,
        {
          offset: (rows.source * inWidth + columns.source) * inChannels,
          strides: [inHeight * inWidth * inChannels, strideHeight * inWidth * inChannels, strideWidth * inChannels, 1],
        },
        target,
        { offset: tap + rows.first * outWidth + columns.first, strides: [outHeight * outWidth, outWidth, 1, pixels] },
        [batchSize, rows.count, columns.count, inChannels],
      );
    }
  }
  return patches;
}
