import * as tf from '@tensorflow/tfjs-core';

import { freeSpent, isRecording } from './bias-activation.js';
import { padZeros, paddingOf, type ConvolutionOptions } from './conv.js';

/** Kernels that tfjs does not have, named as those of a plain convolution are. `@netspace/kernels` adds them to some backends. */
const KERNELS = { forward: 'GroupedConv2D', ofInput: 'GroupedConv2DBackpropInput', ofFilter: 'GroupedConv2DBackpropFilter' } as const;

/**
 * The convolutions of several networks at once, each on its own group of channels, as in PyTorch's `conv2d` with `groups`. Without bias.
 *
 * No number of one group reaches another, not even NaN. Differentiable in the weight, and in x unless it is the input of the networks.
 *
 * @param x `[batch, height, width, groups · in]`
 * @param weight `[kernel, kernel, in, groups · out]`
 * @returns `[batch, height', width', groups · out]`
 */
export function groupedConvolution(
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
  groups: number,
  { stride = 1, padding = 0, isInput = false }: ConvolutionOptions = {},
): tf.Tensor4D {
  const { rows, columns, same } = paddingOf(x, weight, stride, padding);
  const padded = same ? x : padZeros(x, rows, columns);
  const how: Geometry = { stride, pad: same ? 'same' : 'valid', groups };
  if (!isRecording()) return forward(padded, weight, how);
  if (isInput) {
    const convolve = tf.customGrad((...args) => {
      const [filter, save] = args as [tf.Tensor4D, tf.GradSaveFunc];
      save([padded]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => ofFilter(saved[0] as tf.Tensor4D, dy as tf.Tensor4D, filter.shape, how);
      return { value: forward(padded, filter, how), gradFunc };
    });
    return convolve(weight) as tf.Tensor4D;
  }
  const convolve = tf.customGrad((...args) => {
    const [input, filter, save] = args as [tf.Tensor4D, tf.Tensor4D, tf.GradSaveFunc];
    save([input, filter]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [from, by] = saved as [tf.Tensor4D, tf.Tensor4D];
      const gradients = [ofInput(dy as tf.Tensor4D, by, from.shape, how), ofFilter(from, dy as tf.Tensor4D, by.shape, how)];
      freeSpent([dy, ...saved]);
      return gradients;
    };
    return { value: forward(input, filter, how), gradFunc };
  });
  return convolve(padded, weight) as tf.Tensor4D;
}

interface Geometry {
  readonly stride: number;
  readonly pad: 'same' | 'valid';
  readonly groups: number;
}

type Shape = tf.Tensor4D['shape'];

/** The attributes of a kernel: those of a plain convolution, and the number of groups. */
const attributes = ({ stride, pad, groups }: Geometry) => ({
  ...{ strides: [stride, stride], dilations: [1, 1], pad, dataFormat: 'NHWC' },
  groups,
});

function forward(x: tf.Tensor4D, filter: tf.Tensor4D, how: Geometry): tf.Tensor4D {
  if (hasKernels()) return tf.engine().runKernel<tf.Tensor4D>(KERNELS.forward, { x, filter }, attributes(how));
  const { stride, pad, groups } = how;
  return byGroup(() => {
    const filters = groupsOf(filter, groups);
    return groupsOf(x, groups).map((part, i) => tf.conv2d(part, filters[i]!, stride, pad));
  });
}

function ofInput(dy: tf.Tensor4D, filter: tf.Tensor4D, inputShape: Shape, how: Geometry): tf.Tensor4D {
  if (hasKernels()) return tf.engine().runKernel<tf.Tensor4D>(KERNELS.ofInput, { dy, filter }, { ...attributes(how), inputShape });
  const [batch, height, width, channels] = inputShape;
  return byGroup(() => {
    const filters = groupsOf(filter, how.groups);
    const attrs = { ...attributes(how), inputShape: [batch, height, width, channels / how.groups] };
    const one = (part: tf.Tensor4D, i: number): tf.Tensor4D =>
      tf.engine().runKernel(tf.Conv2DBackpropInput, { dy: part, filter: filters[i]! }, attrs);
    return groupsOf(dy, how.groups).map(one);
  });
}

function ofFilter(x: tf.Tensor4D, dy: tf.Tensor4D, filterShape: Shape, how: Geometry): tf.Tensor4D {
  if (hasKernels()) return tf.engine().runKernel<tf.Tensor4D>(KERNELS.ofFilter, { x, dy }, { ...attributes(how), filterShape });
  const [height, width, inputs, outputs] = filterShape;
  return byGroup(() => {
    const gradients = groupsOf(dy, how.groups);
    const attrs = { ...attributes(how), filterShape: [height, width, inputs, outputs / how.groups] };
    const one = (part: tf.Tensor4D, i: number): tf.Tensor4D =>
      tf.engine().runKernel(tf.Conv2DBackpropFilter, { x: part, dy: gradients[i]! }, attrs);
    return groupsOf(x, how.groups).map(one);
  });
}

/** The channels of each group. */
const groupsOf = (x: tf.Tensor4D, groups: number): tf.Tensor4D[] => tf.split<tf.Tensor4D>(x, groups, 3);

/** Puts the groups' results side by side. */
const byGroup = (run: () => tf.Tensor4D[]): tf.Tensor4D => tf.tidy(() => tf.concat4d(run(), 3));

/** The type in tfjs says that there always is a kernel, but tfjs gives undefined if there is none. */
const hasKernels = (): boolean => Boolean(tf.getKernel(KERNELS.forward, tf.getBackend()));
