import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

/** @throws NetSpaceError `SHAPE_MISMATCH` if two tensors that are compared entry by entry differ in shape */
export function requireSameShape(call: string, names: readonly [string, string], a: tf.Tensor, b: tf.Tensor): void {
  if (tf.util.arraysEqual(a.shape, b.shape)) return;
  throw new NetSpaceError(
    'SHAPE_MISMATCH',
    `${call}: ${names[0]} are [${a.shape}] but ${names[1]} are [${b.shape}]; run both networks on the same batch`,
  );
}

/**
 * @returns the logits of the first student
 * @throws NetSpaceError `SHAPE_MISMATCH` if there is not one target per student and at least one, or any two logits differ in shape
 */
export function requirePairs(call: string, students: readonly tf.Tensor2D[], targets: readonly tf.Tensor2D[]): tf.Tensor2D {
  const [first] = students;
  if (first === undefined || students.length !== targets.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${call}: expected one target per student and at least one, got ${students.length} students and ${targets.length} targets`,
    );
  }
  for (const logits of [...students, ...targets]) requireSameShape(call, ['the first logits', 'other logits'], first, logits);
  return first;
}

/** @throws NetSpaceError `SHAPE_MISMATCH` if there is not one label per row of the logits */
export function requireLabels(call: string, logits: tf.Tensor2D, labels: tf.Tensor): void {
  if (labels.rank === 1 && labels.shape[0] === logits.shape[0]) return;
  throw new NetSpaceError(
    'SHAPE_MISMATCH',
    `${call}: expected labels [${logits.shape[0]}] for logits [${logits.shape}], got [${labels.shape}]; pass one class index per row`,
  );
}

/** @throws NetSpaceError `INVALID_OPTION` if the number of architectures is not a positive integer */
export function requireArchitectures(call: string, architectures: number): void {
  if (Number.isInteger(architectures) && architectures >= 1) return;
  throw new NetSpaceError('INVALID_OPTION', `${call}: expected a positive number of architectures, got ${architectures}; pass their count`);
}

/** @throws NetSpaceError `INVALID_OPTION` if a ClassId is not one of 0..architectures-1 */
export function requireClassIds(call: string, classIds: readonly number[], architectures: number): void {
  for (const id of classIds) {
    if (Number.isInteger(id) && id >= 0 && id < architectures) continue;
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${call}: expected ClassIds in 0..${architectures - 1}, got ${id}; a ClassId is an architecture's index in order of parameter count`,
    );
  }
}
