// Run by a test, in a process of its own (Dawn may end it where there is no device): compares the ops of training on webgpu with cpu
// and sends what differs; 'no device' if there is none.
import { selectRuntime } from '@netspace/node';
import type * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import { convolutionCases } from './convolution-cases.js';
import { gradientsOf, type Input, outcomeOn, type Outputs, randomInput } from './outcome-on.js';
import { layerOps } from './layer-ops.js';
import { forwardOps, highRankOps, trainingOps } from './training-ops.js';

const send = (message: unknown): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));

const device = await selectRuntime({ prefer: 'webgpu' }).catch((error: unknown) => String(error));
if (typeof device === 'string') {
  await send({ noDevice: device });
  process.exit(0);
}

const core = await import('@tensorflow/tfjs-core');
const convolution =
  (strides: [number, number], pad: Parameters<typeof tf.conv2d>[3]) =>
  (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    core.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);
const convolutions = fc.sample(convolutionCases, { numRuns: 25, seed: 1 }).map((example) => ({
  name: `conv2d ${JSON.stringify(example)}`,
  inputs: [randomInput(example.input), randomInput(example.filter, 2)],
  run: convolution(example.strides, example.pad),
}));

const different: string[] = [];
let compared = 0;
for (const { name, inputs, run } of [...trainingOps, ...highRankOps, ...layerOps, ...convolutions]) {
  await compare(`${name}: value`, inputs, run);
  await compare(`${name}: gradients`, inputs, gradientsOf(run));
}
for (const { name, inputs, run } of forwardOps) await compare(`${name}: value`, inputs, run);
await send({ different, compared, device: device.device });
process.exit(0);

async function compare(name: string, inputs: readonly Input[], run: (...xs: tf.Tensor[]) => Outputs): Promise<void> {
  compared++;
  try {
    const expected = await outcomeOn('cpu', inputs, run);
    const got = await outcomeOn('webgpu', inputs, run);
    if (got.leaked !== 0) different.push(`${name}: ${got.leaked} tensors left behind`);
    got.outputs.forEach(({ shape, values }, i) => {
      const wanted = expected.outputs[i]!;
      if (String(shape) !== String(wanted.shape) || !areClose(values, wanted.values)) different.push(name);
    });
  } catch (error) {
    different.push(`${name}: ${String(error)}`);
  }
}

/** The measure of `expectClose`, which needs the test runner; shaders may round a little more. */
function areClose(got: ArrayLike<number>, expected: ArrayLike<number>): boolean {
  const rms = Math.sqrt(Array.from(expected).reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, expected.length));
  return Array.from(expected).every((value, i) => Math.abs(got[i]! - value) <= 1e-3 * (Math.abs(value) + rms));
}
