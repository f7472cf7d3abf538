import * as tf from '@tensorflow/tfjs-core';

import { type Convolution, CONVOLUTIONS, type KernelCase, shapesOf } from './kernel-case.js';

/** The filter gradient of each convolution; where a backend lacks it, against one product per tap in plain ops. */
export const filterGradientCases = (convolutions: readonly Convolution[] = CONVOLUTIONS): KernelCase[] =>
  convolutions.map((convolution) => {
    const { filter, strides, name } = convolution;
    const { padded, output, products } = shapesOf(convolution);
    return {
      name: `${name}, filter gradient`,
      kernel: 'Conv2DBackpropFilter',
      inputs: { x: padded, dy: output },
      attrs: { strides: [...strides], pad: 'valid', dataFormat: 'NHWC', filterShape: [...filter] },
      products,
      insteadOf: ({ x, dy }) => productPerTap(x as tf.Tensor4D, dy as tf.Tensor4D, convolution),
    };
  });

function productPerTap(x: tf.Tensor4D, dy: tf.Tensor4D, { filter, strides }: Convolution): tf.Tensor {
  const [batch, height, width, outChannels] = dy.shape;
  const gradient = tf.reshape(dy, [batch * height * width, outChannels]);
  const taps: tf.Tensor[] = [];
  for (let row = 0; row < filter[0]; row++) {
    for (let column = 0; column < filter[1]; column++) {
      const end = [batch, row + (height - 1) * strides[0] + 1, column + (width - 1) * strides[1] + 1, filter[2]];
      const patches = tf.stridedSlice(x, [0, row, column, 0], end, [1, strides[0], strides[1], 1]);
      taps.push(tf.matMul(tf.transpose(tf.reshape(patches, [-1, filter[2]])), gradient));
    }
  }
  return tf.reshape(tf.stack(taps), [...filter]);
}
