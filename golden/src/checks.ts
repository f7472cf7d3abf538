import { isNetSpaceError, type NetSpaceErrorCode } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { findMiss, type Expectation, type Got, type Miss, type Tolerance } from './expectation.js';
import type { GoldenFile } from './golden-file.js';

/** Everything except gradients of the whole chain. */
export const FORWARD_TOLERANCE = 1e-4;
/** Gradients in the group `grads`. */
export const GRADIENT_TOLERANCE = 1e-3;

/** Collects the checks of one group. */
export interface Checks {
  /** Compares with the tensor of this name in the group's file; `got` in the file's axis order. */
  expect(name: string, got: tf.Tensor | ArrayLike<number> | undefined, tolerance?: Tolerance): void;
  /** Compares with something that was worked out here. */
  expectEqual(name: string, got: tf.Tensor | readonly number[], expected: tf.Tensor | readonly number[], tolerance?: Tolerance): void;
  /** Expects a refusal. */
  expectRefusal(name: string, code: NetSpaceErrorCode, call: () => unknown): void;
  /** Runs some checks, disposing of their tensors; what they throw counts as one miss. */
  section(name: string, run: () => void): void;
  fail(miss: Miss): void;
  readonly passed: number;
  readonly misses: readonly Miss[];
}

export function createChecks(group: string, file: GoldenFile, onMiss: (miss: Miss) => void): Checks {
  const misses: Miss[] = [];
  let passed = 0;
  const record = (miss: Miss | undefined): void => {
    if (miss === undefined) {
      passed++;
      return;
    }
    misses.push(miss);
    onMiss(miss);
  };
  const compare = (name: string, expectation: Expectation, got: Got, tolerance: Tolerance): void =>
    record(findMiss(`${group}/${name}`, expectation, got, tolerance));
  return {
    expect(name, got, tolerance = FORWARD_TOLERANCE) {
      const expectation = file.expectation(name);
      if (got !== undefined) compare(name, expectation, valuesOf(got, expectation.shape), tolerance);
      else record({ name: `${group}/${name}`, got: 'nothing', expected: `a tensor [${expectation.shape}]`, tolerance: 'exact' });
    },
    expectEqual(name, got, expected, tolerance = FORWARD_TOLERANCE) {
      const truth = valuesOf(expected);
      compare(name, { kind: 'whole', ...truth }, valuesOf(got, truth.shape), tolerance);
    },
    expectRefusal(name, code, call) {
      const outcome = refusalOf(call);
      record(outcome === code ? undefined : { name: `${group}/${name}`, got: outcome, expected: code, tolerance: 'exact' });
    },
    section(name, run) {
      try {
        tf.tidy(run);
      } catch (error) {
        record({ name: `${group}/${name}`, got: describeError(error), expected: 'no error', tolerance: 'exact' });
      }
    },
    fail: record,
    get passed() {
      return passed;
    },
    misses,
  };
}

/** Plain lists have the shape they are compared with, if they are as long. */
const valuesOf = (got: tf.Tensor | ArrayLike<number>, shape?: readonly number[]): Got => {
  if (got instanceof tf.Tensor) return { shape: got.shape, values: got.dataSync() };
  const fits = shape !== undefined && shape.reduce((product, size) => product * size, 1) === got.length;
  return { shape: fits ? shape : [got.length], values: got };
};

function refusalOf(call: () => unknown): string {
  try {
    tf.tidy(() => {
      call();
    });
    return 'no error';
  } catch (error) {
    return isNetSpaceError(error) ? (error as { readonly code: string }).code : describeError(error);
  }
}

export const describeError = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
