import { NetSpaceError, type Architecture, type FlattenedAxis, type ParameterSpec } from '@netspace/prep';
import { show } from '@netspace/prep/internal';

import { resolveConfig, type NetSpaceConfig } from '../config.js';
import { type Dense, DENSE_LAYERS_LIMIT } from '../decoder/dense-decoder.js';
import { type Directions, isScale, SCALE } from '../decoder/directions.js';
import type { StartedFrom } from '../start.js';
import * as read from './json-fields.js';
import { LOAD_LIMITS, type LoadLimits } from './load-limits.js';

const FORMAT = 'netspace';
/**
 * Version 2 is version 1 with `flattened` axes, which readers of version 1 would ignore; version 3 has directions, which those of 2 would; version 4
 * has dense layers, whose weights earlier ones do not know.
 */
const SCHEMA_VERSIONS = { plain: 1, flattened: 2, directions: 3, dense: 4 };

export interface SavedArchitecture {
  readonly name: string;
  readonly parameters: readonly ParameterSpec[];
}

export interface Topology {
  readonly config: NetSpaceConfig;
  /** Whether the scale layer started from trained networks; how many is not in the file. */
  readonly fromInstance: boolean;
  readonly architectures: readonly SavedArchitecture[];
}

/** The JSON that describes a saved space: its sizes, and the names and parameter specs of its architectures. */
export const writeTopology = ({
  config,
  startedFrom,
  architectures,
}: {
  readonly config: NetSpaceConfig;
  readonly startedFrom: StartedFrom;
  readonly architectures: readonly Architecture[];
}) => ({
  format: FORMAT,
  schemaVersion: schemaVersion(config, architectures),
  config: { ...config, scaleBias: startedFrom === 'random' ? 'paper' : 'instance' }, // as schema 1 calls it
  architectures: architectures.map(({ name, parameters }) => ({
    name,
    parameters: parameters.map(({ name: parameter, shape, tensorAxes, flattened }) => ({
      name: parameter,
      shape,
      ...(tensorAxes === undefined ? {} : { tensorAxes }),
      ...(flattened === undefined ? {} : { flattened }),
    })),
  })),
});

/** The lowest that can say it. */
function schemaVersion({ dense, directions }: NetSpaceConfig, architectures: readonly Architecture[]): number {
  if (dense) return SCHEMA_VERSIONS.dense;
  if (directions) return SCHEMA_VERSIONS.directions;
  return architectures.some(hasFlattened) ? SCHEMA_VERSIONS.flattened : SCHEMA_VERSIONS.plain;
}

const hasFlattened = ({ parameters }: Architecture): boolean => parameters.some(({ flattened }) => flattened !== undefined);

/**
 * Reads and checks what {@link writeTopology} wrote.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if a field is missing or of another kind, `LIMIT_EXCEEDED` if a list or a size is too
 *   large, `UNSUPPORTED` for another schema version
 */
export function readTopology(value: unknown, limits: LoadLimits = LOAD_LIMITS): Topology {
  const topology = read.object(value, 'modelTopology');
  if (topology['format'] !== FORMAT) throw read.corrupt('modelTopology.format', `'${FORMAT}'`, topology['format']);
  if (!Object.values(SCHEMA_VERSIONS).some((version) => version === topology['schemaVersion'])) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `NetSpace.load: expected schema version 1 to 4, got ${show(topology['schemaVersion'])}; use the version of @netspace/model that wrote it`,
    );
  }
  const architectures = read
    .list(topology['architectures'], 'architectures', limits.architectures)
    .map((entry, i) => readArchitecture(entry, `architectures[${i}]`, limits));
  return { ...readConfig(topology['config'], architectures.length, limits), architectures };
}

function readConfig(value: unknown, classes: number, { size: maxSize }: LoadLimits): Omit<Topology, 'architectures'> {
  const fields = read.object(value, 'config');
  const size = (name: string) => read.integer(fields[name], `config.${name}`, maxSize);
  const prepShape = read.list(fields['prepShape'], 'config.prepShape', 2).map((side) => read.integer(side, 'config.prepShape', maxSize));
  const [height, width] = prepShape;
  if (height === undefined || width === undefined) throw read.corrupt('config.prepShape', 'a height and a width', prepShape.length);
  const { scaleBias } = fields;
  if (scaleBias !== 'paper' && scaleBias !== 'instance') throw read.corrupt('config.scaleBias', "'paper' or 'instance'", scaleBias);
  if (size('classes') !== classes) throw read.corrupt('config.classes', `${classes}, the number of architectures`, fields['classes']);
  const config = resolveConfig({
    prepShape: [height, width],
    embeddingSize: size('embeddingSize'),
    grid: size('grid'),
    encoderWidth: size('encoderWidth'),
    decoderChannels: size('decoderChannels'),
    decoderWidth: size('decoderWidth'),
    decoderHidden: size('decoderHidden'),
    classes,
    directions: readDirections(fields['directions']),
    dense: readDense(fields['dense'], maxSize),
  });
  return { config, fromInstance: scaleBias === 'instance' };
}

function readDirections(value: unknown): Directions | undefined {
  if (value === undefined) return undefined;
  const { scale, seed } = read.object(value, 'config.directions');
  if (typeof scale !== 'number' || !isScale(scale)) throw read.corrupt('config.directions.scale', SCALE, scale);
  return { scale, seed: read.integer(seed, 'config.directions.seed', Number.MAX_VALUE) };
}

function readDense(value: unknown, maxSize: number): Dense | undefined {
  if (value === undefined) return undefined;
  const { layers, units } = read.object(value, 'config.dense');
  return {
    layers: read.integer(layers, 'config.dense.layers', DENSE_LAYERS_LIMIT),
    units: read.integer(units, 'config.dense.units', maxSize),
  };
}

function readArchitecture(value: unknown, where: string, limits: LoadLimits): SavedArchitecture {
  const fields = read.object(value, where);
  const parameters = read
    .list(fields['parameters'], `${where}.parameters`, limits.parameters)
    .map((entry, i) => readSpec(entry, `${where}.parameters[${i}]`, limits));
  return { name: read.text(fields['name'], `${where}.name`, limits.nameCharacters), parameters };
}

function readSpec(value: unknown, where: string, limits: LoadLimits): ParameterSpec {
  const { nameCharacters: maxNameLength, rank: maxRank, size: maxSize } = limits;
  const fields = read.object(value, where);
  const name = read.text(fields['name'], `${where}.name`, maxNameLength);
  const shape = read.list(fields['shape'], `${where}.shape`, maxRank).map((size) => read.integer(size, `${where}.shape`, maxSize));
  const flattened = readFlattened(fields['flattened'], `${where}.flattened`, shape, limits);
  if (fields['tensorAxes'] === undefined) return { name, shape, ...flattened };
  const tensorAxes = read
    .list(fields['tensorAxes'], `${where}.tensorAxes`, maxRank)
    .map((axis) => read.integer(axis, `${where}.tensorAxes`, maxRank));
  const isPermutation = tensorAxes.length === shape.length && shape.every((_, axis) => tensorAxes.includes(axis));
  if (!isPermutation) throw read.corrupt(`${where}.tensorAxes`, `the axes 0 to ${shape.length - 1} in some order`, tensorAxes.join(', '));
  return { name, shape, tensorAxes, ...flattened };
}

function readFlattened(
  value: unknown,
  where: string,
  shape: readonly number[],
  { rank: maxRank, parameters: maxParameters, size: maxSize }: LoadLimits,
): Pick<ParameterSpec, 'flattened'> {
  if (value === undefined) return {};
  const flattened = read.list(value, where, maxRank).map((entry, i): FlattenedAxis => {
    const fields = read.object(entry, `${where}[${i}]`);
    const axis = read.integer(fields['axis'], `${where}[${i}].axis`, maxRank);
    const parts = read.list(fields['parts'], `${where}[${i}].parts`, maxParameters).map((part, j): readonly [number, number] => {
      const [channels, pixels] = read
        .list(part, `${where}[${i}].parts[${j}]`, 2)
        .map((side) => read.integer(side, `${where}[${i}].parts[${j}]`, maxSize));
      if (channels === undefined || pixels === undefined) throw read.corrupt(`${where}[${i}].parts[${j}]`, 'channels and pixels', part);
      return [channels, pixels];
    });
    const size = parts.reduce((sum, [channels, pixels]) => sum + channels * pixels, 0);
    if (size !== shape[axis]) throw read.corrupt(`${where}[${i}].parts`, `parts of ${shape[axis] ?? 'no'} numbers together`, size);
    return { axis, parts };
  });
  return { flattened };
}
