import * as tf from '@tensorflow/tfjs-core';

import { filterGradientCases } from './filter-gradient-cases.js';
import { CONVOLUTIONS, shapesOf, type KernelCase } from './kernel-case.js';

const MILLIONS = [32, 64, 64, 32] as const; // 4 million

export const tensorflowCases = (): readonly KernelCase[] => [
  ...filterGradientCases(),
  ...CONVOLUTIONS.filter(({ name }) => name.startsWith('ResNet')).map((convolution): KernelCase => {
    const { padded, products } = shapesOf(convolution);
    return {
      name: `${convolution.name}, forward with bias`,
      kernel: 'FusedConv2D',
      inputs: { x: padded, filter: convolution.filter, bias: [convolution.filter[3]] },
      attrs: { strides: [...convolution.strides], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1], activation: 'linear' },
      products,
    };
  }),
  ...(
    [
      ['decoder conv3', [2500, 4608], [4608, 256]],
      ['SIREN 256', [10_000, 256], [256, 256]],
    ] as const
  ).map(([name, a, b]): KernelCase => ({
    name: `product of ${name}: [${a.join(', ')}] · [${b.join(', ')}]`,
    kernel: 'BatchMatMul',
    inputs: { a: [1, ...a], b: [1, ...b] },
    attrs: { transposeA: false, transposeB: false },
    products: a[0] * a[1] * b[1],
  })),
  {
    name: 'gradient of leaky ReLU, 4 million',
    kernel: 'LeakyReluGrad',
    inputs: { dy: MILLIONS, y: MILLIONS },
    attrs: { alpha: 0.01 },
    insteadOf: ({ dy, y }) => tf.mul(dy!, tf.step(y!, 0.01)),
  },
];
