import { filterGradientCases } from './filter-gradient-cases.js';
import { CONVOLUTIONS, type KernelCase, shapesOf } from './kernel-case.js';

const forward: KernelCase[] = CONVOLUTIONS.map((convolution) => {
  const { padded, products } = shapesOf(convolution);
  return {
    name: `${convolution.name}, forward`,
    kernel: 'Conv2D',
    inputs: { x: padded, filter: convolution.filter },
    attrs: { strides: [...convolution.strides], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1] },
    products,
  };
});

// The shipped input gradient takes minutes on the large ones.
const inputGradients: KernelCase[] = CONVOLUTIONS.filter((convolution) => shapesOf(convolution).products < 1e9).map((convolution) => {
  const { padded, output, products } = shapesOf(convolution);
  return {
    name: `${convolution.name}, input gradient`,
    kernel: 'Conv2DBackpropInput',
    inputs: { dy: output, filter: convolution.filter },
    attrs: { strides: [...convolution.strides], pad: 'valid', dataFormat: 'NHWC', inputShape: [...padded] },
    products,
  };
});

const products: KernelCase[] = (
  [
    ['matMul [1024, 1024] · [1024, 1024]', [1024, 1024], [1024, 1024], false, false],
    ['matMul, left transposed', [1024, 512], [1024, 512], true, false],
    ['matMul, batch of 8', [8, 1024, 144], [8, 144, 16], false, false],
  ] as const
).map(([name, a, b, transposeA, transposeB]) => ({
  name,
  kernel: 'BatchMatMul',
  inputs: { a, b },
  attrs: { transposeA, transposeB },
  products: (a.reduce((x, y) => x * y, 1) * b.at(-1)!) as number,
}));

const memory: KernelCase[] = [
  { name: 'slice [2, 8, 1024, 128] of 16 rows', kernel: 'Slice', inputs: { x: [2, 16, 1024, 128] }, attrs: { begin: [0, 8, 0, 0], size: [2, 8, 1024, 128] } }, // prettier-ignore
  { name: 'slice of one image of 64', kernel: 'Slice', inputs: { x: [64, 64, 64, 16] }, attrs: { begin: [3, 0, 0, 0], size: [1, 64, 64, 16] } }, // prettier-ignore
  { name: 'strided slice, every second pixel', kernel: 'StridedSlice', inputs: { x: [1, 16, 1024, 128] }, attrs: { begin: [0, 0, 0, 0], end: [1, 16, 1024, 128], strides: [1, 2, 2, 1], beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 } }, // prettier-ignore
  { name: 'transpose [2, 8192, 1250] → [2, 1250, 8192]', kernel: 'Transpose', inputs: { x: [2, 8192, 1250] }, attrs: { perm: [0, 2, 1] } },
  { name: 'transpose NHWC → NCHW, 32 × 64 × 64 × 16', kernel: 'Transpose', inputs: { x: [32, 64, 64, 16] }, attrs: { perm: [0, 3, 1, 2] } },
  {
    name: 'max gradient: equal [2, 16, 2500, 128], [2, 16, 1, 128]',
    kernel: 'Equal',
    inputs: { a: [2, 16, 2500, 128], b: [2, 16, 1, 128] },
  },
  { name: 'greater than a scalar, 4 million', kernel: 'Greater', inputs: { a: [4_000_000], b: [] } },
  { name: 'sine, 4 million', kernel: 'Sin', inputs: { x: [4_000_000] } },
  { name: 'leaky ReLU, 4 million', kernel: 'LeakyRelu', inputs: { x: [4_000_000] }, attrs: { alpha: 0.01 } },
  { name: 'bias gradient: sum [2, 8, 1024, 1250] → [1250]', kernel: 'Sum', inputs: { x: [2, 8, 1024, 1250] }, attrs: { axis: [0, 1, 2], keepDims: false } }, // prettier-ignore
  { name: 'max over width [2, 16, 2500, 128]', kernel: 'Max', inputs: { x: [2, 16, 2500, 128] }, attrs: { reductionIndices: [2], keepDims: false } }, // prettier-ignore
  { name: 'gather 4,096 of 4,096 rows of 512', kernel: 'GatherV2', inputs: { x: [1, 4096, 512], indices: [4096] }, indicesBelow: 4096, attrs: { axis: 1, batchDims: 0 } }, // prettier-ignore
];

/** What `@netspace/kernels/wasm` adds or replaces. */
export const wasmCases: readonly KernelCase[] = [...forward, ...filterGradientCases(), ...inputGradients, ...products, ...memory];
