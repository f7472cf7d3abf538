import type { Architecture, ParameterSpec } from '../architecture.js';
import { architecture as anArchitecture } from '../options/option-kinds.js';
import { type GivenBy, objectOf, parseOptions, valueOf } from '../options/options.js';
import { describeSymmetries } from './describe.js';
import { runOnLabels } from './run-on-labels.js';

const shape = valueOf<readonly number[]>(
  'the shape of a batch of inputs, such as [1, 28, 28, 1]',
  (value) => Array.isArray(value) && value.every((size) => Number.isInteger(size) && (size as number) > 0),
);

/** See {@link PermutationSpecOptions}. */
export const permutationSpecOptions = objectOf({
  /** Shape of a batch that the architecture takes, the batch in front. The numbers in it do not matter. */
  inputShape: shape,
});

/** Options of {@link permutationSpec}. */
export interface PermutationSpecOptions extends GivenBy<typeof permutationSpecOptions> {}

const given = objectOf({ architecture: anArchitecture });

/**
 * Finds what can be changed in any network of an architecture without changing what the network does: orders of hidden channels, signs of
 * units around odd functions such as sine and tanh, and periods of biases inside a sine.
 *
 * The architecture runs once on tensors without numbers. Each operation says which axes must have one order: those that are added, and those
 * that a layer contracts. What is left free is a group of channels. Residual connections, concatenations, flattened images, grouped and
 * depthwise convolutions, norms, gates of recurrent layers and heads of attention (as blocks, and within a head alike in all heads) are
 * understood. An operation that is not known fixes the order of all that goes through it: some symmetries may then be missed, and none is
 * wrong. An architecture that reads its numbers while it runs has none.
 *
 * @returns the architecture's specs with `channels`, `signs` and `period` filled in; those that it had are left out
 * @throws NetSpaceError `INVALID_OPTION` for what is no architecture or no shape; what `apply` throws for inputs of that shape
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { permutationSpec, unresolvedArchitecture } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const architecture = {
 *   ...unresolvedArchitecture('residual', [
 *     { name: 'in.weight', shape: [3, 8] },
 *     { name: 'block.weight', shape: [8, 8] },
 *     { name: 'out.weight', shape: [8, 2] },
 *   ]),
 *   apply([first, block, last]: readonly tf.Tensor[], x: tf.Tensor) {
 *     const stream = tf.matMul(x, first!);
 *     return tf.matMul(tf.add(stream, tf.relu(tf.matMul(stream, block!))), last!);
 *   },
 * };
 * const specs = permutationSpec(architecture, { inputShape: [1, 3] });
 * console.log(specs.map(({ channels }) => channels)); // [ [ undefined, 'in' ], [ 'in', 'in' ], [ 'in', undefined ] ]
 * ```
 * @see Ainsworth, Hayase, Srinivasa, "Git Re-Basin", arXiv:2209.04836 (specs of permutations, there by hand); Sitzmann et al.,
 *   arXiv:2006.09661 (SIREN)
 */
export function permutationSpec(architecture: Architecture, options: PermutationSpecOptions): readonly ParameterSpec[] {
  const { inputShape } = parseOptions('permutationSpec', permutationSpecOptions, options);
  parseOptions('permutationSpec', given, { architecture });
  return describeSymmetries(architecture.parameters, runOnLabels(architecture, inputShape)).specs;
}
