import type { Architecture, ParameterSpec } from '../architecture.js';
import { describeSymmetries } from './describe.js';
import { runOnLabels } from './run-on-labels.js';

/**
 * Lets the specs of an architecture compute their `channels`, `signs` and `period` when they are first read.
 *
 * The properties are not enumerable: specs are written to files, compared and copied as before. An architecture that cannot run on inputs of
 * any of the shapes tells of no symmetry.
 *
 * @param shapes of a batch of inputs, to be tried one after the other
 */
export function addSymmetriesLazily(architecture: Architecture, shapes: readonly (readonly number[])[]): void {
  let found: readonly ParameterSpec[] | undefined;
  const find = (): readonly ParameterSpec[] => (found ??= firstThatRuns(architecture, shapes));
  architecture.parameters.forEach((spec, i) => {
    for (const key of ['channels', 'signs', 'period'] as const) {
      Object.defineProperty(spec, key, { get: () => find()[i]?.[key], enumerable: false, configurable: true });
    }
  });
}

function firstThatRuns(architecture: Architecture, shapes: readonly (readonly number[])[]): readonly ParameterSpec[] {
  for (const shape of shapes) {
    try {
      return describeSymmetries(architecture.parameters, runOnLabels(architecture, shape)).specs;
    } catch {
      // Images of another size may be what it takes.
    }
  }
  return [];
}
