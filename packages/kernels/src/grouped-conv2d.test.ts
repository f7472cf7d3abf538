import { startTensorflow } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

const CASES = [
  { size: 7, inputs: 3, outputs: 5, kernel: 3, stride: 1, pad: 'same', groups: 3 },
  { size: 8, inputs: 1, outputs: 2, kernel: 5, stride: 2, pad: 'valid', groups: 4 },
  { size: 6, inputs: 2, outputs: 4, kernel: 1, stride: 2, pad: 'valid', groups: 2 },
] as const;

type Case = (typeof CASES)[number];

/** Numbers that every backend has alike. */
const numbers = (shape: number[], seed: number): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(1 + i * 0.7 + seed)),
    shape,
  );

/** The result of the three kernels, or of plain convolutions of each group on cpu. */
async function results({ size, inputs, outputs, kernel, stride, pad, groups }: Case, grouped: boolean): Promise<number[][]> {
  const [x, filter] = [numbers([2, size, size, groups * inputs], 1), numbers([kernel, kernel, inputs, groups * outputs], 2)];
  const plain = (of: tf.Tensor, by: tf.Tensor) =>
    tf.concat(tf.split(of, groups, 3).map((part, i) => tf.conv2d(part as tf.Tensor4D, tf.split(by, groups, 3)[i] as tf.Tensor4D, stride, pad)), 3); // prettier-ignore
  const attrs = { strides: [stride, stride], dilations: [1, 1], pad, dataFormat: 'NHWC', groups };
  const run = (name: string, given: tf.NamedTensorMap, more = {}): tf.Tensor =>
    tf.engine().runKernel(`GroupedConv2D${name}`, given, { ...attrs, ...more });
  const y = grouped ? run('', { x, filter }) : plain(x, filter);
  const dy = numbers(y.shape, 3);
  const gradients = grouped
    ? [run('BackpropInput', { dy, filter }, { inputShape: x.shape }), run('BackpropFilter', { x, dy }, { filterShape: filter.shape })]
    : tf.grads(plain)([x, filter], dy);
  return Promise.all([y, ...gradients].map(async (tensor) => [...(await tensor.data())]));
}

const expectAlike = (got: number[][], wanted: number[][]) =>
  got.forEach((values, i) => expect(Math.max(...values.map((value, j) => Math.abs(value - wanted[i]![j]!)))).toBeLessThan(2e-5));

describe.each(['wasm', 'tensorflow'] as const)('grouped convolutions on %s', (runtime) => {
  let isThere = true;
  beforeAll(async () => {
    if (runtime === 'tensorflow') isThere = await startTensorflow();
  });
  it.each(CASES)('and their gradients are those of each group: %o', async (one) => {
    if (!isThere) return;
    await tf.setBackend('cpu');
    const wanted = await results(one, false);
    await tf.setBackend(runtime);
    expectAlike(await results(one, true), wanted);
  });
  it('let no number of one group reach another', async () => {
    if (!isThere) return;
    await tf.setBackend(runtime);
    const x = tf.concat([tf.fill([1, 5, 5, 2], NaN), tf.ones([1, 5, 5, 2])], 3);
    const attrs = { strides: [1, 1], dilations: [1, 1], pad: 'same', dataFormat: 'NHWC', groups: 2 };
    const y = tf.engine().runKernel<tf.Tensor>('GroupedConv2D', { x, filter: tf.ones([3, 3, 2, 6]) }, attrs);
    expect((await tf.slice(y, [0, 0, 0, 3], [1, 5, 5, 3]).data()).every(Number.isFinite)).toBe(true);
  });
});
