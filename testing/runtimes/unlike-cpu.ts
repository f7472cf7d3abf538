import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import { convolutionCases } from './convolution-cases.js';
import { layerOps } from './layer-ops.js';
import { gradientsOf, type Input, outcomeOn, type Outputs, randomInput } from './outcome-on.js';
import { forwardOps, highRankOps, type TrainingOp, trainingOps } from './training-ops.js';

/** Results of a backend beside those of cpu. */
export interface Compared {
  /** The results that differ, by name. */
  readonly different: readonly string[];
  /** How many were compared. */
  readonly compared: number;
}

const convolutions = (): TrainingOp[] =>
  fc.sample(convolutionCases, { numRuns: 25, seed: 1 }).map(({ strides, pad, ...example }) => ({
    name: `conv2d ${JSON.stringify({ strides, pad, ...example })}`,
    inputs: [randomInput(example.input), randomInput(example.filter, 2)],
    run: (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad),
  }));

interface UnlikeCpuOptions {
  /** Ops that only this backend is asked for. */
  readonly further?: readonly TrainingOp[];
  /** As that of `expectClose`, which needs the test runner. */
  readonly tolerance?: number;
}

/** Compares the ops of training, and their gradients, on a backend with cpu, in a process without test runner. Both must be registered. */
export async function unlikeCpu(backend: string, { further = [], tolerance = 1e-4 }: UnlikeCpuOptions = {}): Promise<Compared> {
  const different: string[] = [];
  let compared = 0;
  const compare = async (name: string, inputs: readonly Input[], run: (...xs: tf.Tensor[]) => Outputs): Promise<void> => {
    compared++;
    try {
      const expected = await outcomeOn('cpu', inputs, run);
      const got = await outcomeOn(backend, inputs, run);
      if (got.leaked !== 0) different.push(`${name}: ${got.leaked} tensors left behind`);
      got.outputs.forEach(({ shape, values }, i) => {
        const wanted = expected.outputs[i]!;
        if (String(shape) !== String(wanted.shape) || !areClose(values, wanted.values, tolerance)) different.push(name);
      });
    } catch (error) {
      different.push(`${name}: ${String(error)}`);
    }
  };
  for (const { name, inputs, run } of [...trainingOps, ...highRankOps, ...layerOps, ...convolutions(), ...further]) {
    await compare(`${name}: value`, inputs, run);
    await compare(`${name}: gradients`, inputs, gradientsOf(run));
  }
  for (const { name, inputs, run } of forwardOps) await compare(`${name}: value`, inputs, run);
  return { different, compared };
}

/** The measure of `expectClose`. */
function areClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): boolean {
  const rms = Math.sqrt(Array.from(expected).reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, expected.length));
  return Array.from(expected).every((value, i) => Math.abs(got[i]! - value) <= tolerance * (Math.abs(value) + rms));
}
