import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { directoryFiles, loadMesh, type ShapeRecipe } from '@netspace/node';
import { type NamedMesh, seatMeshes, type TriangleMesh } from '@netspace/shapes';
import { openInstanceStore, type StoredInstance } from '@netspace/zoo';

import type { Context } from './experiment.js';
import { buildOnQueue } from './zoo-on-queue.js';

interface ShapesOnQueue {
  readonly name: string;
  /** What the record of the zoo says when it is done. */
  readonly config: object;
  readonly recipe: ShapeRecipe;
  readonly meshes: readonly NamedMesh[];
  readonly start?: StoredInstance | undefined;
}

/**
 * With a queue, builds a zoo of shapes as `netspace zoo build --queue` does. Seats made by rule travel as their seeds. Other meshes, and the network that fits start
 * from, become files in `shapes` of `context.work`, which the recipe names in their order: workers need that folder at the same path.
 *
 * @throws Error if a file would hold another mesh than that of the experiment; as the command
 */
export async function shapesOnQueue(
  context: Pick<Context, 'queue' | 'signal' | 'work' | 'log'>,
  folder: string,
  { name, config, recipe, meshes, start }: ShapesOnQueue,
): Promise<void> {
  const place = resolve(context.work, 'shapes', name);
  await buildOnQueue(context, folder, {
    ...{ name, config },
    async recipe() {
      return {
        ...recipe,
        ...(await meshesForRecipe(place, meshes)),
        ...(start && { start: await stored(join(place, 'start'), start) }),
      };
    },
  });
}

/** What a recipe says of meshes: the seeds of seats made by rule, or the files of a folder into which they are written. */
export async function meshesForRecipe(place: string, meshes: readonly NamedMesh[]): Promise<Pick<ShapeRecipe, 'seats' | 'meshes'>> {
  const seats = await seatsOf(meshes);
  if (seats !== undefined) return { seats };
  await mkdir(place, { recursive: true });
  const files = [];
  for (const one of meshes) files.push(await written(place, one));
  return { meshes: files };
}

/** The seeds of seats made by rule; undefined if there are other meshes among them. */
async function seatsOf(meshes: readonly NamedMesh[]): Promise<readonly number[] | undefined> {
  const seeds = meshes.map(({ name }) => Number(/^seat-(\d+)$/.exec(name)?.[1]));
  if (seeds.some((seed) => Number.isNaN(seed))) return undefined;
  for (const [i, seed] of seeds.entries()) {
    const [made] = await seatMeshes({ count: 1, seed });
    if (!isSame(made!.mesh, meshes[i]!.mesh)) return undefined;
  }
  return seeds;
}

/** A file of a mesh, with each number as it is. */
async function written(place: string, { name, mesh }: NamedMesh): Promise<string> {
  const file = join(place, `${name}.obj`);
  await writeFile(file, objOf(mesh));
  if (isSame(await loadMesh(file, { placement: 'file' }), mesh)) return file;
  throw new Error(`expected a mesh that a file holds as it is, got ${name}, of which a reader joins or drops corners; leave --queue out`);
}

function objOf({ positions, indices }: TriangleMesh): string {
  const number = (x: number): string => (Object.is(x, -0) ? '-0' : String(x));
  const triples = (word: string, values: ArrayLike<number>, textOf: (x: number) => string): string[] =>
    Array.from({ length: values.length / 3 }, (_, i) => `${word} ${[0, 1, 2].map((k) => textOf(values[3 * i + k]!)).join(' ')}\n`);
  return [...triples('v', positions, number), ...triples('f', indices, (i) => String(i + 1))].join('');
}

const isSame = (one: TriangleMesh, other: TriangleMesh): boolean =>
  bytesOf(one.positions).equals(bytesOf(other.positions)) && bytesOf(one.indices).equals(bytesOf(other.indices));

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer => Buffer.from(buffer, byteOffset, byteLength);

/** The place of a network in a store of its own. */
async function stored(place: string, { instance, record }: StoredInstance): Promise<string> {
  const store = openInstanceStore(directoryFiles(place));
  const { epochs, seed, metrics } = record;
  if ((await store.list()).length === 0) await store.add({ name: 'start', instance, epochs, seed, metrics });
  return join(place, 'start');
}
