import type * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

import { expectClose } from '../expectations.js';
import { type Input, outcomeOn, type Outputs } from './outcome-on.js';

/** Runs a function on cpu and on another backend and asserts the same dtypes, shapes and values, and no leak. */
export async function expectSameAsCpu(
  backend: string,
  inputs: readonly Input[],
  run: (...tensors: tf.Tensor[]) => Outputs,
  tolerance = 1e-4,
): Promise<void> {
  const expected = await outcomeOn('cpu', inputs, run);
  const got = await outcomeOn(backend, inputs, run);
  const kinds = ({ outputs }: typeof got) => outputs.map(({ shape, dtype }) => ({ shape, dtype }));
  expect(kinds(got)).toEqual(kinds(expected));
  expect([expected.leaked, got.leaked]).toEqual([0, 0]);
  got.outputs.forEach(({ values }, i) => expectClose(values, expected.outputs[i]!.values, tolerance));
}
