import { backend_util, Dilation2D, type Dilation2DAttrs, Dilation2DBackpropFilter, Dilation2DBackpropInput, type KernelConfig, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core'; // prettier-ignore

import { float32View, type WasmBackend } from '../heap.js';

// As shipped, the search starts from C++'s `numeric_limits<float>::min()`, the smallest positive number: it finds no negative maximum.

/** Grayscale dilation, y[o] = max_k x[o s + k d] + filter[k]. */
const dilation2D: KernelConfig = {
  kernelName: Dilation2D,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [x, filter] = [inputs['x']!, inputs['filter']!];
    const geometry = geometryOf(x, filter, attrs);
    const out = wasm.makeOutput(geometry.outShape, 'float32');
    const [values, weights, y] = [float32View(wasm, x), float32View(wasm, filter), float32View(wasm, out)];
    forEachMaximum(values, weights, geometry, (output, from, tap) => (y[output] = values[from]! + weights[tap]!));
    return out;
  },
};

/** The gradient for the input, or for the filter: of each output it goes to the first pixel, or weight, of the largest sum. */
const gradient = (kernelName: string, of: 'x' | 'filter'): KernelConfig => ({
  kernelName,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [x, filter, dy] = [inputs['x']!, inputs['filter']!, inputs['dy']!];
    const out = wasm.makeOutput(inputs[of]!.shape, 'float32');
    const upstream = float32View(wasm, dy);
    const dx = float32View(wasm, out).fill(0);
    forEachMaximum(float32View(wasm, x), float32View(wasm, filter), geometryOf(x, filter, attrs), (output, from, tap) => {
      const at = of === 'x' ? from : tap;
      dx[at] = dx[at]! + upstream[output]!;
    });
    return out;
  },
});

export const dilation2DConfigs: readonly KernelConfig[] = [
  dilation2D,
  gradient(Dilation2DBackpropInput, 'x'),
  gradient(Dilation2DBackpropFilter, 'filter'),
];

function geometryOf({ shape }: TensorInfo, filter: TensorInfo, attrs: NamedAttrMap | undefined): backend_util.Conv2DInfo {
  const { strides, pad, dilations } = attrs as unknown as Dilation2DAttrs;
  const [xShape, filterShape] = [shape as [number, number, number, number], filter.shape as [number, number, number]];
  return backend_util.computeDilation2DInfo(xShape, filterShape, strides, pad, 'NHWC', dilations);
}

type Visit = (output: number, from: number, tap: number) => void;

/** Calls `visit` with the offsets of each output, of the pixel and of the weight whose sum is the largest of its window. */
function forEachMaximum(x: Float32Array, filter: Float32Array, geometry: backend_util.Conv2DInfo, visit: Visit): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  for (let b = 0, output = 0; b < batchSize; b++) {
    for (let oh = 0; oh < outHeight; oh++) {
      for (let ow = 0; ow < outWidth; ow++) {
        for (let c = 0; c < inChannels; c++, output++) {
          let [best, from, tap] = [-Infinity, -1, -1];
          for (let kh = 0; kh < filterHeight; kh++) {
            const row = oh * strideHeight + kh * dilationHeight - padInfo.top;
            if (row < 0 || row >= inHeight) continue;
            for (let kw = 0; kw < filterWidth; kw++) {
              const column = ow * strideWidth + kw * dilationWidth - padInfo.left;
              if (column < 0 || column >= inWidth) continue;
              const [at, k] = [((b * inHeight + row) * inWidth + column) * inChannels + c, (kh * filterWidth + kw) * inChannels + c];
              const sum = x[at]! + filter[k]!;
              if (from < 0 || sum > best) [best, from, tap] = [sum, at, k];
            }
          }
          if (from >= 0) visit(output, from, tap);
        }
      }
    }
  }
}
