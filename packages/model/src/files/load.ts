import { NetSpaceError, tensorShape, unresolvedArchitecture, type Architecture, type ParameterSpec } from '@netspace/prep';
import { abortSignal, architectures, choose, functionOf, type GivenBy, limitsOf, objectOf, type Option, optional, parseOptions } from '@netspace/prep/internal'; // prettier-ignore
import * as tf from '@tensorflow/tfjs-core';

import type { NetSpaceConfig } from '../config.js';
import { directionsCount } from '../decoder/directions.js';
import { httpSource, isHttpSource } from './http-source.js';
import type { StartedFrom } from '../start.js';
import { findHandler } from './io-handler.js';
import { corrupt, exceeded } from './json-fields.js';
import { LOAD_LIMITS, type LoadLimits } from './load-limits.js';
import { normalizationAmong, normalizationSpecs } from '../units/normalization.js';
import type { Normalization } from '../units/units.js';
import { readTopology, type SavedArchitecture } from './topology.js';
import { netSpaceSpecs } from '../weights/variables.js';

/** Gives the architecture of a name; `parameters` is what was saved of it. */
export type ResolveArchitecture = (name: string, parameters: readonly ParameterSpec[]) => Architecture;

/** See {@link LoadOptions}. */
export const loadOptions = objectOf({
  /**
   * The space's architectures, or a function that finds one by name, such as `architectureByName` of `@netspace/zoo`.
   * @default none: the space encodes and decodes, but its instances cannot run
   */
  architectures: optional(
    choose<Option<readonly Architecture[] | ResolveArchitecture>>('a list of architectures or a function that finds one by name', (given) =>
      typeof given === 'function' ? functionOf<ResolveArchitecture>() : architectures,
    ),
  ),
  /**
   * Raises or lowers single limits.
   * @default LOAD_LIMITS
   */
  limits: limitsOf(LOAD_LIMITS),
  /** Stops a download. */
  signal: optional(abortSignal),
});

/** Options of `NetSpace.load`. */
export interface LoadOptions extends GivenBy<typeof loadOptions> {}

export interface LoadedSpace {
  readonly config: NetSpaceConfig;
  readonly startedFrom: StartedFrom;
  readonly architectures: readonly Architecture[];
  readonly weights: tf.NamedTensorMap;
  readonly normalization: Normalization | undefined;
}

/** Reads a saved space, checking everything before the weights become tensors. */
export async function loadNetSpace(source: string | tf.io.IOHandler, options: LoadOptions): Promise<LoadedSpace> {
  const { architectures, limits: bounds, signal } = parseOptions('NetSpace.load', loadOptions, options);
  const handler =
    typeof source === 'string' && isHttpSource(source) ? httpSource(source, { weightBytes: bounds.weightBytes, signal }) : source;
  const artifacts = await findHandler('NetSpace.load', handler, 'load')();
  const saved = readTopology(artifacts.modelTopology, bounds);
  const resolved = saved.architectures.map((entry) => resolve(entry, architectures));
  const specs = netSpaceSpecs(saved.config);
  const more = Array.isArray(artifacts.weightSpecs) ? artifacts.weightSpecs.length - specs.length : 0;
  const units = more > 0 ? normalizationSpecs(resolved, saved.config.prepShape, more > 2) : [];
  if (saved.config.directions !== undefined && units.length === 0) throw corrupt('weightSpecs', 'those of units too, which directions need', 'none'); // prettier-ignore
  const made = 4 * directionsCount(saved.config, resolved);
  if (made > bounds.weightBytes) throw exceeded('the directions', `${bounds.weightBytes} bytes`, made);
  checkWeightSpecs(artifacts.weightSpecs, [...specs, ...units], artifacts.weightData, bounds);
  const weights = tf.io.decodeWeights(artifacts.weightData!, artifacts.weightSpecs!);
  const normalization = normalizationAmong(weights);
  const fromEach = normalization?.start !== undefined;
  const startedFrom = saved.fromInstance ? (fromEach ? 'instances' : 'instance') : 'random';
  return { config: saved.config, startedFrom, architectures: resolved, weights, normalization };
}

function resolve({ name, parameters }: SavedArchitecture, given: LoadOptions['architectures']): Architecture {
  if (given === undefined) return unresolvedArchitecture(name, parameters);
  const architecture = typeof given === 'function' ? given(name, parameters) : given.find((candidate) => candidate.name === name);
  if (architecture === undefined) throw noneOfThatName(name, given);
  if (architecture.name === name && layout(architecture.parameters) === layout(parameters)) return architecture;
  // Earlier versions gave some parameters of a tf.LayersModel another layout and other names. The network reads the same values, so the
  // space keeps its own layout. A name of this kind identifies the layers; under any other name the names of the parameters have to match.
  const tensors = (specs: readonly ParameterSpec[]) =>
    JSON.stringify(specs.map((spec) => [name.startsWith(OF_LAYERS) ? '' : [spec.name, spec.shape], tensorShape(spec)]));
  if (architecture.name === name && tensors(architecture.parameters) === tensors(parameters)) return { ...architecture, parameters };
  throw new NetSpaceError(
    'SHAPE_MISMATCH',
    `NetSpace.load: expected architecture ${name} with the ${parameters.length} parameters it was saved with, got ${architecture.name} with others; pass the one the space was trained on`,
  );
}

function noneOfThatName(name: string, given: NonNullable<LoadOptions['architectures']>): NetSpaceError {
  const names = typeof given === 'function' ? [] : given.map((architecture) => architecture.name);
  const got = typeof given === 'function' ? 'nothing from the function' : names.join(', ') || 'an empty list';
  const hint = [name, ...names].some((one) => one.startsWith(OF_LAYERS))
    ? "; a tf.LayersModel with another activation, another ending or another option 'name' has another name: make the model by the code whose models the space was trained on"
    : '';
  return new NetSpaceError('NOT_FOUND', `NetSpace.load: expected option architectures to hold ${name}, got ${got}; add it${hint}`);
}

/** Names that `architectureFromLayersModel` gives; the rest is a fingerprint of the layers. */
const OF_LAYERS = 'layers-model-';

const layout = (specs: readonly ParameterSpec[]): string =>
  JSON.stringify(specs.map((spec) => [spec.name, spec.shape, tensorShape(spec), spec.flattened ?? []]));

/** The weights have to be those of the config, each once, all float32 or all stored as float16, and exactly as long as the data. */
function checkWeightSpecs(
  got: tf.io.WeightsManifestEntry[] | undefined,
  expected: readonly ParameterSpec[],
  data: tf.io.WeightData | undefined,
  { weightBytes }: LoadLimits,
): void {
  if (!Array.isArray(got) || data === undefined) throw corrupt('the weights', 'there', undefined);
  const half = got[0]?.quantization !== undefined;
  const count = expected.reduce((sum, spec) => sum + tf.util.sizeFromShape(tensorShape(spec)), 0);
  if (4 * count > weightBytes) throw exceeded('the weights', `${weightBytes} bytes`, 4 * count); // as they lie in memory
  if (got.length !== expected.length) throw corrupt('weightSpecs', `${expected.length} entries`, got.length);
  expected.forEach((spec, i) => {
    const entry = got[i];
    const shape = tensorShape(spec);
    const same = entry?.name === spec.name && entry.dtype === 'float32' && entry.quantization?.dtype === (half ? 'float16' : undefined);
    if (!same || JSON.stringify(entry.shape) !== JSON.stringify(shape)) {
      throw corrupt(`weightSpecs[${i}]`, `${spec.name}, float32 [${shape}]${half ? ' stored as float16' : ''}`, entry);
    }
  });
  const length = Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength;
  const bytes = count * (half ? 2 : 4);
  if (length !== bytes) throw corrupt('weightData', `${bytes} bytes`, length);
}
