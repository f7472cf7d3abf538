import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { count, finite, type GivenBy, listOf, objectOf, oneOf, optional, parseJson, parseOptions, flag, text, valueOf } from '@netspace/prep/internal'; // prettier-ignore

import { FOLDER_LIMITS } from './limits.js';

export const MANIFEST_NAME = 'explorer.json';

/** A path that stays within the folder: `space/space.json`, never `../x`, `/x` or `https://…`. */
const path = valueOf<string>('a path within the folder, such as space/space.json', isPathWithin);

function isPathWithin(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 500 || !/^[^\\:?#%\p{Cc}]+$/u.test(value)) return false;
  return value.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

const metrics = valueOf<Readonly<Record<string, number>>>(`at most ${FOLDER_LIMITS.metrics} finite numbers by name`, (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const numbers = Object.values(value);
  return numbers.length <= FOLDER_LIMITS.metrics && numbers.every((one) => Number.isFinite(one));
});

const classNames = valueOf<readonly string[]>(`a list of 1 to ${FOLDER_LIMITS.classes} names`, (value) => {
  return Array.isArray(value) && value.length > 0 && value.length <= FOLDER_LIMITS.classes && value.every((one) => typeof one === 'string');
});

const mappedNetwork = objectOf({
  name: text,
  /** Name of the architecture. */
  architecture: text,
  /** Whether the space was never trained on it. */
  heldOut: flag,
  /** Whatever was measured, by name; `testAccuracy` and `predictedAccuracy` are known to the page. */
  metrics,
  /** How long it was trained, in epochs or steps. */
  length: optional(finite),
  seed: optional(finite),
});

const sample = objectOf({
  /** Safetensors: `images` U8 `[N, C, H, W]`, `labels` U8 or I32 `[N]`. */
  file: path,
  /** A channel's mean and deviation, of values from 0 to 1: images are fed as (x / 255 - mean) / std. */
  mean: listOf(finite, 'one number a channel', 1),
  std: listOf(finite, 'one number a channel', 1),
  /** Where the images come from. */
  source: text,
});

/** See {@link ExplorerManifest}. */
export const explorerManifest = objectOf({
  schemaVersion: valueOf<1>('1', (value) => value === 1),
  title: text,
  description: text,
  /** What the networks are: the page shows images to classifiers, and draws shapes; of others it shows the map and their measures. */
  kind: oneOf(['classifier', 'sdf', 'other']),
  /** Of `NetSpace.save`. */
  space: path,
  /** Safetensors: `embeddings` F32 or F16 `[networks, E]`. */
  embeddings: path,
  /** Manifest of an instance store of those networks whose weights are here. */
  zoo: optional(path),
  networks: listOf(mappedNetwork, 'a list of networks'),
  /** Names of the classes, in order. */
  classes: optional(classNames),
  /** Steps of refinement, where embeddings and what was measured are of refined encodings; left out where they are of the encoder alone. */
  refineSteps: optional(count),
  /** Whether the space was trained with free embeddings: its encoder only guesses where a network lies. */
  freeEmbeddings: optional(flag),
  /** Safetensors: `embeddings` F32 or F16 `[K, E]` of the networks that such a space learned with. Refinement starts at the closest one. */
  known: optional(path),
  sample: optional(sample),
  license: optional(text),
  /** The command that wrote the folder. */
  command: optional(text),
  /** By package. */
  versions: optional(valueOf<Readonly<Record<string, string>>>('versions by package', (value) => typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string'))), // prettier-ignore
});

/** What lies in a folder that the explorer shows: `explorer.json`, which `netspace export` writes. */
export interface ExplorerManifest extends GivenBy<typeof explorerManifest> {}

/** One network of the map. */
export interface MappedNetwork extends GivenBy<typeof mappedNetwork> {}

/**
 * Reads and checks `explorer.json`; safe on untrusted bytes.
 *
 * @throws NetSpaceError `LIMIT_EXCEEDED` beyond one of {@link FOLDER_LIMITS}, `UNSUPPORTED` for another schema version, `CORRUPT_FILE` if it is
 *   no such manifest, naming each key that is missing, unknown or wrong, or if a name occurs twice
 * @example
 * ```ts
 * import { readExplorerManifest } from '@netspace/explorer';
 *
 * const manifest = {
 *   ...{ schemaVersion: 1, title: 'Digits', description: 'Classifiers of digits', kind: 'classifier' },
 *   ...{ space: 'space/space.json', embeddings: 'embeddings.safetensors', networks: [] },
 * };
 * console.log(readExplorerManifest(new TextEncoder().encode(JSON.stringify(manifest))).title); // Digits
 * ```
 */
export function readExplorerManifest(bytes: Uint8Array): ExplorerManifest {
  if (bytes.byteLength > FOLDER_LIMITS.manifestBytes) throw tooMany('bytes', FOLDER_LIMITS.manifestBytes, bytes.byteLength);
  const json = parse(bytes);
  const { schemaVersion, networks } = typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  if (typeof schemaVersion === 'number' && schemaVersion !== 1) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `${MANIFEST_NAME}: expected schemaVersion 1, got ${schemaVersion}; update @netspace/explorer, or export the space again`,
    );
  }
  if (Array.isArray(networks) && networks.length > FOLDER_LIMITS.networks) {
    throw tooMany('networks', FOLDER_LIMITS.networks, networks.length);
  }
  const manifest = check(json);
  const names = new Set<string>();
  for (const { name } of manifest.networks) {
    if (names.has(name)) throw new NetSpaceError('CORRUPT_FILE', `${MANIFEST_NAME}: expected each network once, got ${name} twice`);
    names.add(name);
  }
  return manifest;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new NetSpaceError('CORRUPT_FILE', `${MANIFEST_NAME}: expected JSON; export the space again (netspace export)`, { cause });
  }
}

function check(json: unknown): ExplorerManifest {
  try {
    return parseOptions(MANIFEST_NAME, explorerManifest, json);
  } catch (error) {
    if (isNetSpaceError(error)) throw new NetSpaceError('CORRUPT_FILE', `${error.message}; export the space again (netspace export)`);
    throw error;
  }
}

const tooMany = (what: string, limit: number, got: number): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `${MANIFEST_NAME}: expected at most ${limit} ${what}, got ${got}`);
