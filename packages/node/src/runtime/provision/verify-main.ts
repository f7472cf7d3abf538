// Started by `verifyTfjsNode` in a process of its own: loads a tfjs-node, runs a convolution and its gradients on it and on the cpu
// backend, and sends the difference.
import * as tf from '@tensorflow/tfjs-core';

import { cpu } from '../cpu.js';
import { loadTfjsNode } from '../tensorflow/tfjs-node.js';
import type { Verification } from './verify.js';

process.once('disconnect', () => process.exit(1)); // nobody is left to tell
const send = (message: Verification): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));

await cpu.start({ forced: false }); // and the gradients: where @tensorflow/tfjs is not installed, nobody else registers them
const facts = loadTfjsNode(process.argv[2] ?? '');
const results: Float32Array[][] = [];
for (const backend of ['tensorflow', 'cpu']) {
  if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend did not start`);
  results.push(await convolve());
}
await send({ ...facts, error: largestError(results[0]!, results[1]!) });
process.exit(0);

/** A strided convolution, its two gradients and a loss: the parts of a training step. */
async function convolve(): Promise<Float32Array[]> {
  const x = tf.randomNormal<tf.Rank.R4>([2, 9, 9, 3], 0, 1, 'float32', 1);
  const filter = tf.randomNormal<tf.Rank.R4>([3, 3, 3, 4], 0, 1, 'float32', 2);
  const loss = (input: tf.Tensor, kernel: tf.Tensor): tf.Scalar =>
    tf.sum(tf.square(tf.leakyRelu(tf.conv2d(input as tf.Tensor4D, kernel as tf.Tensor4D, 2, 'valid'), 0.01)));
  const { value, grads } = tf.valueAndGrads(loss)([x, filter]);
  return Promise.all([value, ...grads].map(async (tensor) => Float32Array.from(await tensor.data())));
}

/** The largest difference relative to the tensor's largest entry. */
function largestError(got: readonly Float32Array[], expected: readonly Float32Array[]): number {
  const errors = expected.map((values, i) => {
    const scale = Math.max(...values.map(Math.abs));
    return Math.max(...values.map((value, j) => Math.abs(value - (got[i]?.[j] ?? Number.NaN)) / scale));
  });
  return Math.max(...errors);
}
