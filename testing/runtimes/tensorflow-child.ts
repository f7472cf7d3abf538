// Run by a test, in a process of its own, because TensorFlow reads its environment only once: compares the ops of training on tensorflow
// with cpu, also those of several networks at once, and sends what differs.
import { selectRuntime } from '@netspace/node';
import * as tf from '@tensorflow/tfjs-core';

import { convolve } from '../../packages/zoo/src/layers/conv.js';
import { groupedConvolution } from '../../packages/zoo/src/layers/grouped-convolution.js';
import { randomInput } from './outcome-on.js';
import type { TrainingOp } from './training-ops.js';
import { unlikeCpu } from './unlike-cpu.js';

const CASES = [
  { size: 7, inputs: 3, outputs: 5, kernel: 3, stride: 1, padding: 1, groups: 3 },
  { size: 8, inputs: 1, outputs: 2, kernel: 5, stride: 2, padding: 2, groups: 4 },
  { size: 6, inputs: 2, outputs: 4, kernel: 1, stride: 2, padding: 0, groups: 2 },
  { size: 9, inputs: 4, outputs: 4, kernel: 3, stride: 3, padding: 0, groups: 16 },
] as const;

const ofZoo = CASES.flatMap(({ size, inputs, outputs, kernel, stride, padding, groups }): TrainingOp[] => {
  const x = randomInput([2, size, size, groups * inputs]);
  return [
    {
      name: `${groups} groups of ${inputs} channels, kernel ${kernel}, stride ${stride}`,
      inputs: [x, randomInput([kernel, kernel, inputs, groups * outputs], 2)],
      run: (of, by) => groupedConvolution(of as tf.Tensor4D, by as tf.Tensor4D, groups, { stride, padding }),
    },
    {
      name: `a layer of ${outputs} channels with bias, kernel ${kernel}, stride ${stride}`,
      inputs: [x, randomInput([kernel, kernel, groups * inputs, outputs], 2), randomInput([outputs], 3)],
      run: (of, by, bias) => convolve(of as tf.Tensor4D, by as tf.Tensor4D, bias as tf.Tensor1D, { stride, padding, activation: 'leaky' }),
    },
  ];
});

/** Here TensorFlow's own gradient with oneDNN writes beyond its memory on processors without AVX-512. */
const stridedPixel: TrainingOp = {
  name: 'filter of one pixel, stride 2, 6 to 12 channels',
  inputs: [randomInput([64, 32, 32, 6]), randomInput([1, 1, 6, 12], 2)],
  run: (of, by) => tf.conv2d(of as tf.Tensor4D, by as tf.Tensor4D, 2, 'valid'),
};

await selectRuntime({ prefer: 'cpu' }); // registers what it is compared with
await selectRuntime({ prefer: 'tensorflow' });
const compared = await unlikeCpu('tensorflow', { further: [...ofZoo, ...Array.from({ length: 12 }, () => stridedPixel)] });
await new Promise<void>((resolve) => process.send?.(compared, () => resolve()));
process.exit(0);
