import { type Architecture, NetSpaceError, parameterCount } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { FOLDER_LIMITS } from '../../folder/limits.js';
import { type ExplorerManifest, MANIFEST_NAME, readExplorerManifest } from '../../folder/manifest.js';
import { droppedFiles } from '../files/dropped-files.js';
import { browserCache } from '../files/file-cache.js';
import type { FolderFiles } from '../files/folder-files.js';
import { httpFiles } from '../files/http-files.js';
import { onPlane, type PrincipalPlane, principalPlane } from '../plane/principal-plane.js';
import type { Calls, Opened, Sample } from '../messages/protocol.js';
import { chooseRuntime } from '../runtime/choose-runtime.js';
import type { Session } from '../session.js';
import { EMBEDDINGS_BYTES, readEmbeddings, readKnown } from './read-embeddings.js';
import { readSample } from './read-sample.js';
import { openZoo } from './open-zoo.js';
import { spaceLoader } from './space-loader.js';

/** What {@link openFolder} gives. */
export interface OpenFolder {
  readonly session: Session;
  readonly opened: Opened;
}

/**
 * Opens a folder: downloads what it names, checks everything against each other, lays the map and chooses a runtime.
 *
 * @throws NetSpaceError as `readExplorerManifest`, `readEmbeddings`, `readSample`, `NetSpace.load`, `chooseRuntime`; `ABORTED` by the signal
 */
export async function openFolder(
  { source, runtime: wanted }: Calls['open']['request'],
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (value: Calls['open']['progress']) => void },
): Promise<OpenFolder> {
  const files = typeof source === 'string' ? httpFiles(source, await browserCache()) : await droppedFiles(source);
  const read = (path: string, limit: number) => files.read(path, { limit, ...watching(path) });
  const watching = (part: string) => ({ signal, onProgress: (loaded: number, total: number) => progress({ part, loaded, total }) });
  const manifest = readExplorerManifest(await read(MANIFEST_NAME, FOLDER_LIMITS.manifestBytes));

  const embeddings = readEmbeddings(await read(manifest.embeddings, EMBEDDINGS_BYTES), manifest);
  const size = manifest.networks.length > 0 ? embeddings.length / manifest.networks.length : 0;
  const plane = principalPlane(embeddings, manifest.networks.length, size);
  const points = placesOf(embeddings, size, plane);
  progress({ part: 'map', loaded: 1, total: 1, map: { manifest, points, explained: plane.explained } });

  let architectures: readonly Architecture[] = []; // once the space is there
  const [load, dataset, zoo, knownBytes] = await Promise.all([
    spaceLoader(files, manifest.space, watching(manifest.space)),
    manifest.sample &&
      read(manifest.sample.file, FOLDER_LIMITS.sampleBytes).then((bytes) => readSample(bytes, manifest.sample!, manifest.classes)),
    manifest.zoo === undefined ? undefined : zooOf(files, manifest.zoo, () => architectures),
    manifest.known === undefined ? undefined : read(manifest.known, EMBEDDINGS_BYTES),
  ]);
  const { runtime, trials, space } = await chooseRuntime(wanted, load);
  architectures = space.architectures;
  let known: Float32Array | undefined;
  try {
    if (signal.aborted) throw new NetSpaceError('ABORTED', 'open: stopped before it was done; open again');
    checkTogether(
      manifest,
      space.config.embeddingSize,
      size,
      space.architectures.map(({ name }) => name),
    );
    known = knownBytes && readKnown(knownBytes, manifest.known!, space.config.embeddingSize);
  } catch (error) {
    space.dispose();
    throw error;
  }
  const rows = new Map(manifest.networks.map(({ name }, row) => [name, row]));
  const named = new Set(space.architectures.map(({ name }) => name));
  const withWeights = (zoo?.records ?? [])
    .filter(({ name, architecture }) => rows.has(name) && named.has(architecture))
    .map(({ name }) => name);
  const session: Session = {
    ...{ manifest, space, embeddings, known, rows, dataset },
    size: space.config.embeddingSize,
    plane: planeOfSize(plane, space.config.embeddingSize),
    points: points.slice(),
    classes: manifest.classes?.length ?? dataset?.classes,
    zoo: zoo?.store,
    withWeights: new Set(withWeights),
    kept: new Map(),
    brought: new Map(),
    voters: {},
  };
  const opened: Opened = {
    ...{ manifest, embeddingSize: session.size, prepShape: space.config.prepShape, withWeights, runtime, trials, points },
    architectures: space.architectures.map(({ name, parameters }) => ({ name, parameters: parameterCount(parameters) })),
    explained: plane.explained,
    ...(dataset && { sample: shownSample(dataset) }),
  };
  return { session, opened };
}

/** Frees an open folder. */
export async function closeSession({ space, voters }: Session): Promise<void> {
  space.dispose();
  const stacks = await voters.stacks?.catch(() => []);
  tf.dispose((stacks ?? []).map(({ networks }) => [...networks.parameters]));
}

async function zooOf(files: FolderFiles, path: string, architectures: () => readonly Architecture[]) {
  const store = openZoo(files, path, architectures);
  return { store, records: await store.list() };
}

/** `[x0, y0, x1, y1, …]` */
function placesOf(embeddings: Float32Array, size: number, plane: PrincipalPlane): Float32Array<ArrayBuffer> {
  const count = size > 0 ? embeddings.length / size : 0;
  const points = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) points.set(onPlane(plane, embeddings.subarray(i * size, (i + 1) * size)), 2 * i);
  return points;
}

/** A map without networks has a plane too: through the origin. */
const planeOfSize = (plane: PrincipalPlane, size: number): PrincipalPlane =>
  plane.mean.length === size ? plane : principalPlane(new Float32Array(0), 0, size);

function checkTogether(
  { embeddings, space, networks }: ExplorerManifest,
  expected: number,
  got: number,
  architectures: readonly string[],
): void {
  if (networks.length > 0 && expected !== got) {
    throw corrupt(`rows of ${expected} numbers in ${embeddings}, as ${space} has them`, `rows of ${got}`);
  }
  const stranger = networks.find(({ architecture }) => !architectures.includes(architecture));
  if (stranger !== undefined) {
    throw corrupt(`${stranger.name} to be of one of the space's architectures, ${architectures.join(', ')}`, stranger.architecture);
  }
}

const shownSample = ({ images, labels, count, shape: [height, width, channels] }: NonNullable<Session['dataset']>): Sample => ({
  ...{ count, height, width, channels },
  images: Uint8Array.from(images),
  labels: Uint8Array.from(labels),
});

const corrupt = (expected: string, got: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `open: expected ${expected}, got ${got}; export the space again (netspace export)`);
