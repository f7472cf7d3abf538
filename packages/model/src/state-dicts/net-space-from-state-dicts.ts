import { instanceFromRawTensors, type RawTensor } from '@netspace/formats';
import { NetSpaceError, type ParameterSpec, unresolvedArchitecture } from '@netspace/prep';
import { architectures as architecturesOption, objectOf, parseOptions, type GivenBy } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { sortedArchitectures } from '../architectures.js';
import { NetSpace } from '../net-space.js';
import type { Normalization } from '../units/units.js';
import { decoderSpecs, encoderSpecs } from '../weights/specs.js';
import { checkWeightCount } from '../weights/variables.js';
import { prefixOf, sizesOf } from './sizes-of.js';

/** A space as PyTorch holds it: tensors by the names of the authors' state dicts, axes in PyTorch's order. */
export interface SpaceStateDicts {
  readonly encoder: ReadonlyMap<string, RawTensor>;
  readonly decoder: ReadonlyMap<string, RawTensor>;
  /** `mean`, `deviation` and, if it has one, `start` of {@link Normalization}, each `[A, H, W]`; the authors' spaces have none. */
  readonly units?: ReadonlyMap<string, RawTensor>;
}

/** See {@link NetSpaceFromStateDictsOptions}. */
export const netSpaceFromStateDictsOptions = objectOf({
  /** The architectures that the space was trained on, in the order of the decoder's class head. */
  architectures: architecturesOption,
});

/** Options of {@link netSpaceFromStateDicts}. */
export interface NetSpaceFromStateDictsOptions extends GivenBy<typeof netSpaceFromStateDictsOptions> {}

/**
 * A trained space of the authors' PyTorch trainers, or one that `stateDictsOf` took apart. All its sizes come from the shapes of the tensors.
 *
 * Nothing in two state dicts says that they were trained together; parts of two spaces of equal sizes give a space that decodes nothing as it was
 * encoded. Prefixes of wrappers, such as `module.`, are found. The space sorts architectures by parameter count; the rows of the class head follow.
 *
 * @param stateDicts of `readCheckpoint`, a file each; one file that holds both may be passed twice
 * @returns a space that computes what PyTorch computes, which the caller frees with `dispose()`
 * @throws NetSpaceError `NOT_FOUND` if a tensor is missing, `SHAPE_MISMATCH` if the files do not belong together or an architecture does not
 *   fit the PRep, `INVALID_OPTION` if there is not one architecture for each row of the class head, or a weight is not finite; `UNSUPPORTED`
 *   for tensors that no encoder or decoder has, `LIMIT_EXCEEDED` for more than 2²⁹ weights
 * @example
 * ```ts no-run
 * import { readFile } from 'node:fs/promises';
 * import { readCheckpoint } from '@netspace/formats';
 * import { netSpaceFromStateDicts } from '@netspace/model';
 * import { siren } from '@netspace/zoo';
 *
 * const [encoder, decoder] = [readCheckpoint(await readFile('encoder.pt')), readCheckpoint(await readFile('decoder.pt'))];
 * const space = netSpaceFromStateDicts({ encoder, decoder }, { architectures: [siren({ hidden: 256, layers: 1 })] });
 * ```
 * @see Berardi et al., "Learning the Space of Deep Models", section III-B
 */
export function netSpaceFromStateDicts(stateDicts: SpaceStateDicts, options: NetSpaceFromStateDictsOptions): NetSpace {
  const caller = 'netSpaceFromStateDicts';
  const { architectures } = parseOptions(caller, netSpaceFromStateDictsOptions, options);
  const config = sizesOf(caller, stateDicts);
  if (architectures.length !== config.classes) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected ${config.classes} architectures, ${config.classes === 1 ? 'because the decoder has no class head' : 'one for each row of the class head, in its order'}, got ${architectures.map(({ name }) => name).join(', ') || 'none'}; name those that the space was trained on`,
    );
  }
  checkWeightCount(caller, config);
  const sorted = sortedArchitectures(caller, architectures, config.prepShape);
  const classIds = sorted.map((one) => architectures.indexOf(one));
  const { encoder, decoder, units } = stateDicts;
  const shared = encoder === decoder; // one file: each part ignores the other's tensors
  const weights = tf.tidy(() => ({
    ...named('encoder/', 'encoder', encoderSpecs(config), encoder, shared && prefixOf(encoder, 'conv1.0.weight', [1, 3])),
    ...inOrder(
      named('decoder/', 'decoder', decoderSpecs(config), decoder, shared && prefixOf(decoder, 'conv1.0.weight', [3, 3])),
      classIds,
    ),
  }));
  const normalization = units && unitsOf(units, config.prepShape, classIds);
  try {
    return new NetSpace({ ...config, architectures: sorted, start: { from: 'weights', weights }, units: normalization });
  } finally {
    tf.dispose([weights, { ...normalization }]);
  }
}

function named(
  start: string,
  part: string,
  specs: readonly ParameterSpec[],
  tensors: ReadonlyMap<string, RawTensor>,
  prefix: string | false = false,
): Record<string, tf.Tensor> {
  const { parameters } = instanceFromRawTensors(unresolvedArchitecture(part, specs), tensors, prefix === false ? {} : { prefix });
  return Object.fromEntries(specs.map(({ name }, i) => [start + name, parameters[i]!]));
}

const HEAD = { 'decoder/arch_classifier.weight': 1, 'decoder/arch_classifier.bias': 0 } as const;

/** The class head with its rows in the order of the space's ClassIds. */
function inOrder(weights: Record<string, tf.Tensor>, classIds: readonly number[]): Record<string, tf.Tensor> {
  const rows = tf.tensor1d([...classIds], 'int32');
  const moved = Object.entries(HEAD).flatMap(([name, axis]) => {
    const tensor = weights[name];
    return tensor === undefined ? [] : [[name, tf.gather(tensor, rows, axis)] as const];
  });
  return { ...weights, ...Object.fromEntries(moved) };
}

function unitsOf(
  units: ReadonlyMap<string, RawTensor>,
  [height, width]: readonly [number, number],
  classIds: readonly number[],
): Normalization {
  const names = ['mean', 'deviation', ...(units.has('start') ? ['start'] : [])];
  const specs = names.map((name) => ({ name, shape: [classIds.length, height, width] }));
  return tf.tidy(() => {
    const tensors = named('', 'units', specs, units);
    const of = (name: string): tf.Tensor3D => tf.gather(tensors[name] as tf.Tensor3D, tf.tensor1d([...classIds], 'int32'));
    return { mean: of('mean'), deviation: of('deviation'), ...(units.has('start') && { start: of('start') }) };
  });
}
