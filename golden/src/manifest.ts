/** How one generated tensor is made; see {@link generate}. */
export interface GeneratedTensor {
  readonly shape: readonly number[];
  readonly seed: number;
  readonly scale: number;
}

/** A target network: its parameters in PRep order. */
export interface ManifestNet {
  readonly classId: number | null;
  readonly dataset: string | null;
  readonly numParams: number;
  readonly params: readonly { readonly name: string; readonly shape: readonly number[]; readonly offset: number }[];
  readonly stored: boolean;
  readonly generatorGroup: string;
}

export interface ManifestFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** The settings of one check; which there are depends on the group. */
export type ManifestConfig = Readonly<Record<string, unknown>>;

/** What `manifest.json` says about a folder of golden vectors. */
export interface Manifest {
  readonly multiplier: number;
  readonly generated: Readonly<Record<string, Readonly<Record<string, GeneratedTensor>>>>;
  readonly nets: Readonly<Record<string, ManifestNet>>;
  readonly configs: Readonly<Record<string, ManifestConfig>>;
  readonly files: Readonly<Record<string, ManifestFile>>;
}

/**
 * Reads a manifest, with the fields that the checks rely on checked.
 *
 * @throws Error naming the field that is missing or of another type
 */
export function parseManifest(text: string): Manifest {
  const root = record('manifest', JSON.parse(text));
  const generator = record('generator', root['generator']);
  return {
    multiplier: generator['multiplier'] === undefined ? 2654435761 : number('generator.multiplier', generator['multiplier']),
    generated: mapValues('generator.groups', generator['groups'], (path, group) => mapValues(path, group, generatedTensor)),
    nets: mapValues('nets', root['nets'], net),
    configs: mapValues('configs', root['configs'], record),
    files: mapValues('files', root['files'], (path, entry) => {
      const file = record(path, entry);
      return { bytes: number(`${path}.bytes`, file['bytes']), sha256: string(`${path}.sha256`, file['sha256']) };
    }),
  };
}

/** A field of a config that has to be a number. */
export const configNumber = (path: string, config: ManifestConfig, key: string): number => number(`${path}.${key}`, config[key]);
/** A field of a config that has to be a list of numbers. */
export const configNumbers = (path: string, config: ManifestConfig, key: string): number[] => numbers(`${path}.${key}`, config[key]);
/** A field of a config that has to be a text. */
export const configString = (path: string, config: ManifestConfig, key: string): string => string(`${path}.${key}`, config[key]);

/** The settings under one name. */
export function configOf(manifest: Manifest, name: string): ManifestConfig {
  const config = manifest.configs[name];
  if (config === undefined) throw new Error(`manifest: expected configs.${name}, got none`);
  return config;
}

const generatedTensor = (path: string, value: unknown): GeneratedTensor => {
  const { shape, seed, scale } = record(path, value);
  return { shape: numbers(`${path}.shape`, shape), seed: number(`${path}.seed`, seed), scale: number(`${path}.scale`, scale) };
};

const net = (path: string, value: unknown): ManifestNet => {
  const { classId, dataset, numParams, params, stored, generatorGroup } = record(path, value);
  if (!Array.isArray(params)) throw unexpected(`${path}.params`, 'a list', params);
  return {
    classId: typeof classId === 'number' ? classId : null,
    dataset: typeof dataset === 'string' ? dataset : null,
    numParams: number(`${path}.numParams`, numParams),
    params: params.map((entry: unknown, i) => {
      const { name, shape, offset } = record(`${path}.params[${i}]`, entry);
      return {
        name: string(`${path}.params[${i}].name`, name),
        shape: numbers(`${path}.params[${i}].shape`, shape),
        offset: number(`${path}.params[${i}].offset`, offset),
      };
    }),
    stored: stored === true,
    generatorGroup: string(`${path}.generatorGroup`, generatorGroup),
  };
};

function mapValues<T>(path: string, value: unknown, read: (path: string, entry: unknown) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record(path, value)).map(([key, entry]) => [key, read(`${path}.${key}`, entry)]));
}

function record(path: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(path, 'an object', value);
  return { ...value };
}

function number(path: string, value: unknown): number {
  if (typeof value !== 'number') throw unexpected(path, 'a number', value);
  return value;
}

function string(path: string, value: unknown): string {
  if (typeof value !== 'string') throw unexpected(path, 'a text', value);
  return value;
}

function numbers(path: string, value: unknown): number[] {
  if (!Array.isArray(value)) throw unexpected(path, 'a list of numbers', value);
  return value.map((entry: unknown, i) => number(`${path}[${i}]`, entry));
}

const unexpected = (path: string, expected: string, got: unknown): Error =>
  new Error(`manifest: expected ${path} to be ${expected}, got ${JSON.stringify(got)}`);
