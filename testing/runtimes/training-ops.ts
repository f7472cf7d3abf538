import * as tf from '@tensorflow/tfjs-core';

import { type Input, randomInput } from './outcome-on.js';

/** An op that training uses, on small inputs: differentiable in all of them. */
export interface TrainingOp {
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly run: (...xs: tf.Tensor[]) => tf.Tensor;
}

const op = (name: string, shapes: readonly (readonly number[])[], run: (...xs: tf.Tensor[]) => tf.Tensor): TrainingOp => ({
  name,
  inputs: shapes.map((shape, i) => randomInput(shape, i + 1)),
  run,
});

const image = [2, 7, 6, 3] as const;
const as4D = (x: tf.Tensor) => x as tf.Tensor4D;
const as3D = (x: tf.Tensor) => x as tf.Tensor3D;

/** The ops of encoders, decoders, the zoo's networks and their losses. */
export const trainingOps: readonly TrainingOp[] = [
  op('add with broadcasting', [[2, 3, 4], [4]], (a, b) => tf.add(a!, b!)),
  op(
    'mul with broadcasting over rows',
    [
      [2, 3, 4],
      [3, 1],
    ],
    (a, b) => tf.mul(a!, b!),
  ),
  op('addN of twenty', [[4, 5]], (x) => tf.addN(Array.from({ length: 20 }, (_, i) => tf.mul(x!, i + 1)))),
  op('sub', [[5], [5]], (a, b) => tf.sub(a!, b!)),
  op(
    'div with broadcasting',
    [
      [3, 4],
      [1, 4],
    ],
    (a, b) => tf.div(a!, tf.add(b!, 2)),
  ),
  op('pow', [[4, 5]], (x) => tf.pow(tf.add(x!, 2), 3)),
  op('square, sqrt, rsqrt', [[4, 5]], (x) => tf.add(tf.sqrt(tf.add(tf.square(x!), 1)), tf.rsqrt(tf.add(x!, 2)))),
  op('exp, log, neg, abs', [[4, 5]], (x) => tf.sub(tf.log(tf.add(tf.abs(x!), 1)), tf.exp(tf.neg(x!)))),
  op('sin and cos', [[4, 5]], (x) => tf.add(tf.sin(tf.mul(x!, 30)), tf.cos(x!))),
  op('relu and relu6', [image], (x) => tf.add(tf.relu(x!), tf.relu6(x!))),
  op('leakyRelu', [image], (x) => tf.leakyRelu(x!, 0.01)),
  op('prelu', [image, [3]], (x, a) => tf.prelu(x!, a!)),
  op('elu and selu', [[4, 5]], (x) => tf.add(tf.elu(x!), tf.selu(x!))),
  op('sigmoid, tanh, softplus', [[4, 5]], (x) => tf.add(tf.add(tf.sigmoid(x!), tf.tanh(x!)), tf.softplus(x!))),
  op(
    'maximum and minimum',
    [
      [4, 5],
      [4, 5],
    ],
    (a, b) => tf.add(tf.maximum(a!, b!), tf.minimum(a!, b!)),
  ),
  op('clipByValue', [[4, 5]], (x) => tf.clipByValue(x!, -0.5, 0.5)),
  op(
    'where',
    [
      [4, 5],
      [4, 5],
    ],
    (a, b) => tf.where(tf.tensor1d([true, false, true, true, false]), a!, tf.mul(b!, 2)),
  ),
  op('max over the last axis', [[3, 4, 5]], (x) => tf.max(x!, -1)),
  op('max over a middle axis', [image], (x) => tf.max(x!, 2)),
  op('max over two axes, kept', [image], (x) => tf.max(x!, [1, 2], true)),
  op('min over a middle axis', [image], (x) => tf.min(x!, 2)),
  op('sum over outer axes', [image], (x) => tf.sum(x!, [0, 1, 2])),
  op('sum over the last axis', [image], (x) => tf.sum(x!, 3, true)),
  op('mean over space', [image], (x) => tf.mean(x!, [1, 2])),
  op('prod', [[3, 4]], (x) => tf.prod(x!, 1)),
  op('logSumExp', [[4, 5]], (x) => tf.logSumExp(x!, 1)),
  op('softmax', [[4, 5]], (x) => tf.softmax(x!)),
  op('logSoftmax', [[4, 5]], (x) => tf.logSoftmax(x!)),
  op('moments and batch norm', [image, [3], [3]], (x, gamma, beta) => {
    const { mean, variance } = tf.moments(x!, [0, 1, 2]);
    return tf.batchNorm(as4D(x!), mean as tf.Tensor1D, variance as tf.Tensor1D, beta as tf.Tensor1D, gamma as tf.Tensor1D, 1e-5);
  }),
  op('avgPool', [image], (x) => tf.avgPool(as4D(x!), 3, 2, 'valid')),
  op('maxPool', [image], (x) => tf.maxPool(as4D(x!), 2, 2, 'valid')),
  op('maxPool, overlapping', [image], (x) => tf.maxPool(as4D(x!), 3, 2, 'same')),
  op('avgPool over the whole image', [image], (x) => tf.avgPool(as4D(x!), [7, 6], 1, 'valid')),
  op('transpose', [image], (x) => tf.transpose(x!, [0, 3, 1, 2])),
  op('slice', [image], (x) => tf.slice(x!, [0, 1, 2, 0], [2, 4, 3, 2])),
  op(
    'concat',
    [
      [2, 3],
      [2, 4],
    ],
    (a, b) => tf.concat([a!, b!], 1),
  ),
  op(
    'stack and unstack',
    [
      [2, 3],
      [2, 3],
    ],
    (a, b) => tf.stack(tf.unstack(tf.stack([a!, b!], 1), 0), 2),
  ),
  op('split', [[2, 6]], (x) => tf.mul(...(tf.split(x!, 2, 1) as [tf.Tensor, tf.Tensor]))),
  op('pad', [image], (x) => tf.pad(x!, [[0, 0], [1, 2], [0, 3], [1, 0]])), // prettier-ignore
  op('mirrorPad', [image], (x) => tf.mirrorPad(x!, [[0, 0], [1, 2], [0, 3], [0, 0]], 'reflect')), // prettier-ignore
  op('tile', [[2, 3]], (x) => tf.tile(x!, [2, 2])),
  op('reshape, expandDims, squeeze', [[2, 6]], (x) => tf.squeeze(tf.expandDims(tf.reshape(x!, [3, 1, 4]), 0))),
  op('broadcastTo', [[3, 1]], (x) => tf.broadcastTo(x!, [2, 3, 4])),
  op('reverse', [image], (x) => tf.reverse(x!, [1, 3])),
  op('gather', [[5, 4]], (x) => tf.gather(x!, tf.tensor1d([3, 0, 3], 'int32'))),
  op('gather along an inner axis', [[3, 5, 2]], (x) => tf.gather(x!, tf.tensor1d([4, 4, 1], 'int32'), 1)),
  op('cumsum', [[3, 5]], (x) => tf.cumsum(x!, 1)),
  op(
    'matMul',
    [
      [4, 5],
      [5, 3],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  op(
    'matMul, both transposed',
    [
      [5, 4],
      [3, 5],
    ],
    (a, b) => tf.matMul(a!, b!, true, true),
  ),
  op(
    'batched matMul',
    [
      [3, 4, 5],
      [3, 5, 2],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  op(
    'batched matMul, both transposed',
    [
      [3, 5, 4],
      [3, 2, 5],
    ],
    (a, b) => tf.matMul(a!, b!, true, true),
  ),
  op('depthwiseConv2d', [image, [3, 3, 3, 2]], (x, w) => tf.depthwiseConv2d(as4D(x!), as4D(w!), 1, 'same')),
  op('separableConv2d', [image, [3, 3, 3, 2], [1, 1, 6, 4]], (x, d, p) => tf.separableConv2d(as4D(x!), as4D(d!), as4D(p!), 1, 'valid')),
  op('conv2dTranspose', [image, [3, 3, 4, 3]], (x, w) => tf.conv2dTranspose(as4D(x!), as4D(w!), [2, 14, 12, 4], 2, 'same')),
  op(
    'conv1d',
    [
      [2, 9, 3],
      [3, 3, 4],
    ],
    (x, w) => tf.conv1d(as3D(x!), as3D(w!), 2, 'same'),
  ),
  op('fused conv2d with bias and relu', [image, [3, 3, 3, 4], [4]], (x, w, b) =>
    tf.fused.conv2d({ x: as4D(x!), filter: as4D(w!), strides: 2, pad: 'same', bias: b!, activation: 'relu' }),
  ),
  op('fused matMul with bias', [[4, 5], [5, 3], [3]], (a, b, bias) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: 'relu' })),
  op('norm', [[4, 5]], (x) => tf.norm(x!, 2, 1)),
  op(
    'squaredDifference',
    [
      [4, 5],
      [4, 5],
    ],
    (a, b) => tf.squaredDifference(a!, b!),
  ),
];

const five = [2, 3, 2, 3, 2] as const;
const six = [2, 2, 3, 2, 2, 2] as const;

/** Ops on more than four dimensions, which views of networks' weights have. */
export const highRankOps: readonly TrainingOp[] = [five, six].flatMap((shape) => [
  op(`pad everywhere, rank ${shape.length}`, [shape], (x) => tf.pad(x!, shape.map((_, i): [number, number] => [i % 2, 1]))), // prettier-ignore
  op(`pad one axis, rank ${shape.length}`, [shape], (x) => tf.pad(x!, shape.map((_, i): [number, number] => (i === 2 ? [1, 2] : [0, 0])))), // prettier-ignore
  op(`slice, rank ${shape.length}`, [shape], (x) => tf.slice(x!, shape.map(() => 1), shape.map((size) => size - 1))), // prettier-ignore
  op(`transpose, rank ${shape.length}`, [shape], (x) => tf.transpose(x!)),
  op(`concat, rank ${shape.length}`, [shape, shape], (a, b) => tf.concat([a!, b!], 2)),
  op(`sum and max, rank ${shape.length}`, [shape], (x) => tf.add(tf.sum(x!, [1, 3]), tf.max(x!, [1, 3]))),
  op(`where, rank ${shape.length}`, [shape, shape], (a, b) => tf.where(tf.tensor([true, false], [2]), a!, b!)),
  op(`leakyRelu, rank ${shape.length}`, [shape], (x) => tf.leakyRelu(x!, 0.1)),
  op(`broadcasting, rank ${shape.length}`, [shape, shape.slice(1)], (a, b) => tf.mul(a!, b!)),
]);

/** Ops that tfjs has no gradient for, or (broadcast products) a wrong one: their value alone is compared. */
export const forwardOps: readonly TrainingOp[] = [
  op('stridedSlice', [image], (x) => tf.stridedSlice(x!, [0, 1, 0, 0], [2, 7, 6, 3], [1, 2, 2, 1])),
  op('stridedSlice backwards', [image], (x) => tf.stridedSlice(x!, [0, 6, 5, 0], [1, 0, 1, 3], [1, -2, -3, 1])),
  op('stridedSlice of int32', [image], (x) => tf.stridedSlice(tf.cast(tf.mul(x!, 99), 'int32'), [0, 1], [2, 7], [1, 2])),
  op('slice of int32', [image], (x) => tf.slice(tf.cast(tf.mul(x!, 99), 'int32'), [0, 1, 2, 1], [2, 4, 3, 2])),
  op('slice of bool', [image], (x) => tf.slice(tf.greater(x!, 0), [0, 1, 2, 1], [2, 4, 3, 2])),
  op('transpose of int32 and bool', [image], (x) =>
    tf.concat([
      tf.transpose(tf.cast(tf.mul(x!, 99), 'int32'), [3, 1, 2, 0]),
      tf.cast(tf.transpose(tf.greater(x!, 0), [3, 1, 2, 0]), 'int32'),
    ]),
  ),
  op('gatherND', [[5, 4]], (x) => tf.gatherND(x!, tf.tensor2d([3, 1, 0, 2, 3, 1], [3, 2], 'int32'))),
  op('scatterND', [[3, 4]], (x) => tf.scatterND(tf.tensor2d([4, 0, 2], [3, 1], 'int32'), x!, [5, 4])),
  op(
    'einsum',
    [
      [3, 4, 5],
      [5, 2],
    ],
    (a, b) => tf.einsum('bij,jk->bik', a!, b!),
  ),
  op(
    'einsum with a trace of dimensions',
    [
      [3, 4],
      [4, 3],
    ],
    (a, b) => tf.einsum('ij,ji->i', a!, b!),
  ),
  op(
    'batched matMul, one of many',
    [
      [3, 5, 4],
      [1, 2, 5],
    ],
    (a, b) => tf.matMul(a!, b!, true, true),
  ),
  op('argMax', [[4, 5]], (x) => tf.argMax(x!, 1)),
  op(
    'comparisons',
    [
      [2, 3, 4],
      [3, 1],
    ],
    (a, b) =>
      tf.stack(
        [tf.greater(a!, b!), tf.less(a!, b!), tf.equal(a!, tf.max(a!, 1, true)), tf.notEqual(a!, b!), tf.greaterEqual(a!, b!)].map((x) =>
          tf.cast(x, 'int32'),
        ),
      ),
  ),
];
