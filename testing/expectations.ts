import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Asserts |got − expected| ≤ tolerance · (|expected| + rms(expected)) elementwise: the measure of `golden/README.md`. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-4): void {
  expect(got.length).toBe(expected.length);
  let squares = 0;
  for (let i = 0; i < expected.length; i++) squares += expected[i]! ** 2;
  const rms = Math.sqrt(squares / Math.max(1, expected.length));
  for (let i = 0; i < expected.length; i++) {
    const limit = tolerance * (Math.abs(expected[i]!) + rms);
    if (!(Math.abs(got[i]! - expected[i]!) <= limit)) {
      expect.fail(`entry ${i}: got ${got[i]}, expected ${expected[i]} within ${limit}`);
    }
  }
}

/** {@link expectNoLeak} of an asynchronous call. */
export async function expectNoLeakAfter(run: () => Promise<tf.TensorContainer>): Promise<void> {
  tf.dispose(await run()); // the first call may fill caches
  const before = tf.memory().numTensors;
  tf.dispose(await run());
  expect(tf.memory().numTensors).toBe(before);
}

/** Asserts that a call leaves as many tensors as it found (what it returns is disposed here). */
export function expectNoLeak(run: () => tf.TensorContainer): void {
  tf.dispose(run()); // the first call may fill caches
  const before = tf.memory().numTensors;
  tf.dispose(run());
  expect(tf.memory().numTensors).toBe(before);
}
