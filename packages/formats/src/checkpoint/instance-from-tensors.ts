import * as tf from '@tensorflow/tfjs-core';

import type { Architecture, Instance } from '@netspace/prep';
import { firstNonFinite, type GivenBy, nonNegative, objectOf, optional, parseOptions, refuseNonFinite, text, toTensorOrder, type UsedBy, valueOf, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import { structureOf, withStructure } from '../checkpoint-tensors.js';
import type { RawTensor } from '../raw-tensor.js';
import { checkBatchNorms } from './check-batch-norms.js';
import { findNetwork } from './find-network.js';
import { resolveParametrizations } from './parametrizations.js';
import { isPattern, isRename, renameAll, type NamePattern, type Rename } from './patterns.js';
import { sourcesOf } from './weight-source.js';

/** See {@link InstanceFromTensorsOptions}. */
export const instanceFromTensorsOptions = objectOf({
  /**
   * New names for the file's: exact ones as an object, or pairs of a pattern and its replacement. A `*` stands for any run of characters,
   * in the pattern and in the replacement. A pattern that ends in a dot is a prefix. `{ 'classifier.weight': 'fc.weight' }`,
   * `[['shortcut.*', 'downsample.*']]`.
   * @default the names stay
   */
  rename: optional(valueOf<Rename>('an object of names, or pairs of a pattern and what takes its place', isRename)),
  /**
   * Tensors that may be left over, by their (new) names: exact names, patterns with `*`, or regular expressions.
   * @default []
   */
  ignore: withDefault(
    valueOf<readonly NamePattern[]>(
      'a list of names, patterns or regular expressions',
      (value) => Array.isArray(value) && value.every(isPattern),
    ),
    [],
  ),
  /**
   * The prefix of the network's parameter names, if the file has several networks. The rest of the file is ignored.
   * @default found by trying
   */
  prefix: optional(text),
  /**
   * Added to the variance of a batch norm when it is folded; the value of the network that was trained.
   * @default what the architecture says of each norm, otherwise 1e-5
   */
  epsilon: optional(nonNegative),
});

/** Options of {@link instanceFromRawTensors}. */
export interface InstanceFromTensorsOptions extends GivenBy<typeof instanceFromTensorsOptions> {}

/**
 * A network from a PyTorch state dict. Every parameter must be found once, and no tensor may be left over.
 *
 * Prefixes of wrappers (`module.`, `_orig_mod.`, `model.`) and dicts within dicts are found by trying. Batch norms that the architecture
 * has folded (`batchNorms`) are folded, weight norm, spectral norm and pruning masks are resolved, integers are multiplied by the scales
 * next to them. Tensors of other dicts, such as an optimizer's, are ignored.
 *
 * @param tensors by parameter name, each of its spec's shape (PyTorch's axis order)
 * @returns an instance with new tensors, which the caller frees with `disposeInstances([instance])`
 * @throws NetSpaceError `NOT_FOUND` if a parameter is missing, `SHAPE_MISMATCH` if one has another shape than its spec, `UNSUPPORTED` if
 *   tensors are left over or hold no real numbers, `INVALID_OPTION` if a weight is not finite, if the network is in the file more than
 *   once, if `rename` fits no name, if an entry of `batchNorms` has an unknown or no needed key, or for options that are unknown or out of
 *   range
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { instanceFromRawTensors, type RawTensor } from '@netspace/formats';
 * import { unresolvedArchitecture } from '@netspace/prep';
 *
 * const linear = unresolvedArchitecture('linear', [{ name: 'fc.weight', shape: [1, 2], tensorAxes: [1, 0] }]);
 * const tensors = new Map<string, RawTensor>([
 *   ['module.classifier.weight', { dtype: 'F32', shape: [1, 2], data: Float32Array.of(3, 4) }],
 *   ['module.head.bias', { dtype: 'F32', shape: [1], data: Float32Array.of(5) }],
 * ]);
 * const { parameters } = instanceFromRawTensors(linear, tensors, {
 *   rename: [['module.classifier.', 'module.fc.']],
 *   ignore: ['*head.*'],
 * });
 * console.log(await parameters[0]!.array()); // [ [ 3 ], [ 4 ] ]
 * ```
 */
export function instanceFromRawTensors<Name extends string>(
  architecture: Architecture<Name>,
  tensors: ReadonlyMap<string, RawTensor>,
  options: InstanceFromTensorsOptions = {},
): Instance<Name> {
  return findInstance(
    'instanceFromRawTensors',
    architecture,
    tensors,
    parseOptions('instanceFromRawTensors', instanceFromTensorsOptions, options),
  );
}

/** {@link instanceFromRawTensors} for another function, whose name the errors have. Its options were checked before. */
export function findInstance<Name extends string>(
  caller: string,
  architecture: Architecture<Name>,
  tensors: ReadonlyMap<string, RawTensor>,
  { rename, ignore, prefix, epsilon }: Omit<UsedBy<typeof instanceFromTensorsOptions>, 'limits'>,
): Instance<Name> {
  checkBatchNorms(caller, architecture);
  const named = withoutWrappers(rename === undefined ? tensors : renamed(caller, tensors, rename));
  const sources = resolveParametrizations(caller, sourcesOf(caller, named));
  const { parameters } = findNetwork(caller, architecture, named, sources, { ignore, prefix, epsilon });
  const values = architecture.parameters.map(({ name, shape }, i) => {
    const numbers = Float32Array.from(parameters[i]!());
    refuseNonFinite(caller, firstNonFinite(name, numbers, shape));
    return numbers;
  });
  return {
    architecture,
    parameters: tf.tidy(() =>
      architecture.parameters.map((spec, i) => toTensorOrder(tf.tensor(values[i]!, [...spec.shape], 'float32'), spec)),
    ),
  };
}

function renamed(caller: string, tensors: ReadonlyMap<string, RawTensor>, rename: Rename): ReadonlyMap<string, RawTensor> {
  const names = renameAll(caller, [...tensors.keys()], rename);
  return mapNames(tensors, (name) => names.get(name) ?? name);
}

/** Parts that torch.compile, FSDP and activation checkpointing insert into the middle of names. */
const WRAPPERS = /(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\./g;

function withoutWrappers(tensors: ReadonlyMap<string, RawTensor>): ReadonlyMap<string, RawTensor> {
  const names = [...tensors.keys()].map((name) => name.replace(WRAPPERS, ''));
  const plain = [...tensors.keys()].some((name, i) => name !== names[i]) && new Set(names).size === names.length;
  return plain ? mapNames(tensors, (name) => name.replace(WRAPPERS, '')) : tensors;
}

/** The same tensors under other names, in the same dicts and modules. */
function mapNames(tensors: ReadonlyMap<string, RawTensor>, nameOf: (name: string) => string): ReadonlyMap<string, RawTensor> {
  const { containers, leftAside } = structureOf(tensors);
  const all = new Map([...tensors].map(([name, raw]): [string, RawTensor] => [nameOf(name), raw]));
  return withStructure(all, { leftAside, containers: new Map([...containers].map(([name, container]) => [nameOf(name), container])) });
}
