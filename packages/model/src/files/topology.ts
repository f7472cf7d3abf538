import { NetSpaceError, type Architecture, type ParameterSpec } from '@netspace/prep';

import { resolveConfig, type NetSpaceConfig } from '../config.js';
import type { StartedFrom } from '../start.js';
import * as read from './json-fields.js';
import { LOAD_LIMITS, type LoadLimits } from './load-limits.js';

const FORMAT = 'netspace';
const SCHEMA_VERSION = 1;

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
  schemaVersion: SCHEMA_VERSION,
  config: { ...config, scaleBias: startedFrom === 'random' ? 'paper' : 'instance' }, // as schema 1 calls it
  architectures: architectures.map(({ name, parameters }) => ({
    name,
    parameters: parameters.map(({ name: parameter, shape, tensorAxes }) => ({
      name: parameter,
      shape,
      ...(tensorAxes === undefined ? {} : { tensorAxes }),
    })),
  })),
});

/**
 * Reads and checks what {@link writeTopology} wrote.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if a field is missing or of another kind, `LIMIT_EXCEEDED` if a list or a size is too
 *   large, `UNSUPPORTED` for another schema version
 */
export function readTopology(value: unknown, limits: LoadLimits = LOAD_LIMITS): Topology {
  const topology = read.object(value, 'modelTopology');
  if (topology['format'] !== FORMAT) throw read.corrupt('modelTopology.format', `'${FORMAT}'`, topology['format']);
  if (topology['schemaVersion'] !== SCHEMA_VERSION) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `NetSpace.load: expected schema version ${SCHEMA_VERSION}, got ${String(topology['schemaVersion'])}; use the version of @netspace/model that wrote it`,
    );
  }
  const architectures = read
    .list(topology['architectures'], 'architectures', limits.maxArchitectures)
    .map((entry, i) => readArchitecture(entry, `architectures[${i}]`, limits));
  return { ...readConfig(topology['config'], architectures.length, limits), architectures };
}

function readConfig(value: unknown, classes: number, { maxSize }: LoadLimits): Omit<Topology, 'architectures'> {
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
  });
  return { config, fromInstance: scaleBias === 'instance' };
}

function readArchitecture(value: unknown, where: string, limits: LoadLimits): SavedArchitecture {
  const fields = read.object(value, where);
  const parameters = read
    .list(fields['parameters'], `${where}.parameters`, limits.maxParameters)
    .map((entry, i) => readSpec(entry, `${where}.parameters[${i}]`, limits));
  return { name: read.text(fields['name'], `${where}.name`, limits.maxNameLength), parameters };
}

function readSpec(value: unknown, where: string, { maxNameLength, maxRank, maxSize }: LoadLimits): ParameterSpec {
  const fields = read.object(value, where);
  const name = read.text(fields['name'], `${where}.name`, maxNameLength);
  const shape = read.list(fields['shape'], `${where}.shape`, maxRank).map((size) => read.integer(size, `${where}.shape`, maxSize));
  if (fields['tensorAxes'] === undefined) return { name, shape };
  const tensorAxes = read
    .list(fields['tensorAxes'], `${where}.tensorAxes`, maxRank)
    .map((axis) => read.integer(axis, `${where}.tensorAxes`, maxRank));
  const isPermutation = tensorAxes.length === shape.length && shape.every((_, axis) => tensorAxes.includes(axis));
  if (!isPermutation) throw read.corrupt(`${where}.tensorAxes`, `the axes 0 to ${shape.length - 1} in some order`, tensorAxes.join(', '));
  return { name, shape, tensorAxes };
}
