import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError, type Architecture, type Instance } from '@netspace/prep';
import { toTensorOrder } from '@netspace/prep/internal';
import { structureOf, withStructure } from '../checkpoint-tensors.js';
import { checkFinite } from '../finite.js';
import type { RawTensor } from '../raw-tensor.js';
import { findNetwork } from './find-network.js';
import { resolveParametrizations } from './parametrizations.js';
import { renameAll, type NamePattern, type Rename } from './patterns.js';
import { sourcesOf } from './weight-source.js';

/** Options of {@link instanceFromRawTensors}. */
export interface InstanceFromTensorsOptions {
  /**
   * New names for the file's: exact ones as an object, or pairs of a pattern and its replacement. A `*` stands for any run of characters,
   * on both sides; a pattern that ends in a dot is a prefix. `{ 'classifier.weight': 'fc.weight' }`, `[['shortcut.*', 'downsample.*']]`.
   *
   * @default {}
   */
  readonly rename?: Rename;
  /**
   * Tensors that may be left over, by their (new) names: exact names, patterns with `*`, or regular expressions.
   *
   * @default []
   */
  readonly ignore?: readonly NamePattern[];
  /**
   * The start of the names of the network's parameters, if the file has several networks. The rest of the file is ignored.
   *
   * @default the one place in the file that has all parameters
   */
  readonly prefix?: string;
  /**
   * ε, added to a batch norm's variance when the norm is folded; the ε of the network that was trained.
   *
   * @default 1e-5
   */
  readonly epsilon?: number;
}

/**
 * A network from a PyTorch state dict: every parameter found once, and nothing left over.
 *
 * Prefixes of wrappers (`module.`, `_orig_mod.`, `model.`) and dicts within dicts are found by trying. Batch norms that the architecture
 * has folded (`batchNorms`) are folded, weight norm, spectral norm and pruning masks are resolved, integers are multiplied by the scales
 * beside them. Tensors of other dicts, such as an optimizer's, are not looked at.
 *
 * @param tensors by parameter name, each of its spec's shape (PyTorch's axis order)
 * @returns an instance with new tensors, which the caller frees with `disposeInstances([instance])`
 * @throws NetSpaceError `NOT_FOUND` if a parameter is missing, `SHAPE_MISMATCH` if one has another shape than its spec, `UNSUPPORTED` if
 *   tensors are left over or hold no real numbers, `INVALID_OPTION` if a weight is not finite, if the network is in the file more than
 *   once, or if `rename` fits no name
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
  return findInstance('instanceFromRawTensors', architecture, tensors, options);
}

/** {@link instanceFromRawTensors} on behalf of another function, which its errors name. */
export function findInstance<Name extends string>(
  caller: string,
  architecture: Architecture<Name>,
  tensors: ReadonlyMap<string, RawTensor>,
  { rename, ignore = [], prefix, epsilon = 1e-5 }: InstanceFromTensorsOptions,
): Instance<Name> {
  if (!(epsilon >= 0 && Number.isFinite(epsilon))) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected epsilon as a number from 0, got ${epsilon}`);
  }
  const named = withoutWrappers(rename === undefined ? tensors : renamed(caller, tensors, rename));
  const sources = resolveParametrizations(caller, sourcesOf(caller, named));
  const { parameters } = findNetwork(caller, architecture, named, sources, { ignore, prefix, epsilon });
  const values = architecture.parameters.map(({ name, shape }, i) => {
    const numbers = Float32Array.from(parameters[i]!());
    checkFinite(caller, name, numbers, shape);
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

/** What torch.compile, FSDP and activation checkpointing put into the middle of names. */
const WRAPPERS = /(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\./g;

function withoutWrappers(tensors: ReadonlyMap<string, RawTensor>): ReadonlyMap<string, RawTensor> {
  const names = [...tensors.keys()].map((name) => name.replace(WRAPPERS, ''));
  const plain = [...tensors.keys()].some((name, i) => name !== names[i]) && new Set(names).size === names.length;
  return plain ? mapNames(tensors, (name) => name.replace(WRAPPERS, '')) : tensors;
}

/** The same tensors under other names; what holds them stays. */
function mapNames(tensors: ReadonlyMap<string, RawTensor>, nameOf: (name: string) => string): ReadonlyMap<string, RawTensor> {
  const { containers, leftAside } = structureOf(tensors);
  const all = new Map([...tensors].map(([name, raw]): [string, RawTensor] => [nameOf(name), raw]));
  return withStructure(all, { leftAside, containers: new Map([...containers].map(([name, container]) => [nameOf(name), container])) });
}
