import { convolutionCases, describeOnRuntimes, expectClose, expectNoLeak, randomInput } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { it } from 'vitest';

import { conv2DGeometry } from '../conv2d-geometry.js';
import { patchProduct } from './patch-product.js';

const tensor = (shape: readonly number[], seed: number) => tf.tensor(randomInput(shape, seed).values as Float32Array, shape as [number]);

describeOnRuntimes('patchProduct', () => {
  it('is the filter gradient of any convolution', () =>
    fc.assert(
      fc.property(convolutionCases, ({ input, filter, strides, pad }) => {
        const x = tensor(input, 1) as tf.Tensor as tf.Tensor4D;
        const attrs = { strides, pad, dataFormat: 'NHWC', filterShape: [...filter] };
        const geometry = conv2DGeometry('test', x.shape, [...filter], attrs);
        const dy = tensor(geometry.outShape, 2) as tf.Tensor as tf.Tensor4D;
        const expected: tf.Tensor = tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attrs);
        const got = patchProduct(x, dy, geometry);
        expectClose(got.dataSync(), expected.dataSync());
        tf.dispose([x, dy, expected, got]);
      }),
      { numRuns: 25 },
    ));
  it('is it with channels enough for a product per tap, and leaks nothing', () => {
    const x = tensor([1, 5, 4, 256], 1) as tf.Tensor as tf.Tensor4D;
    const attrs = { strides: [2, 1] as [number, number], pad: 'same', dataFormat: 'NHWC', filterShape: [3, 2, 256, 3] };
    const geometry = conv2DGeometry('test', x.shape, attrs.filterShape, attrs);
    const dy = tensor(geometry.outShape, 2) as tf.Tensor as tf.Tensor4D;
    const expected: tf.Tensor = tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attrs);
    expectClose(patchProduct(x, dy, geometry).dataSync(), expected.dataSync());
    expectNoLeak(() => patchProduct(x, dy, geometry));
  });
});
