import { basename, join } from 'node:path';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { choose, type UsedBy } from '@netspace/prep/internal';
import { type NamedMesh, seatMeshes } from '@netspace/shapes';
import type { ShapeRecipe } from '@netspace/train';
import {
  fieldRecipeOptions,
  fieldZooPlan,
  imageZooPlan,
  shapeRecipeOptions,
  shapeZooPlan,
  zooRecipeOptions,
  type ZooPlan,
} from '@netspace/train/internal';
import { architectureByName, thinDataset } from '@netspace/zoo';
import { sameInputs } from '@netspace/zoo/internal';

import type { FindArchitecture } from '../architectures/architectures-in.js';
import { readInstance } from '../cli/files/instance-file.js';
import { SHORTEST } from '../cli/training/shortest-config.js';
import { parseDatasetSpec } from '../datasets/dataset-spec.js';
import { loadFields } from '../datasets/load-fields.js';
import { loadMeshFiles, loadMeshFolder } from '../datasets/load-mesh.js';

/** Keys that only recipes of shapes have: without `kind` one is told of that key, not of those of classifiers. */
const OF_SHAPES = ['kind', 'meshes', 'seats'];
export const anyRecipe = choose('a recipe', (given) => {
  if (typeof given !== 'object' || given === null) return zooRecipeOptions;
  if ('fields' in given || ('kind' in given && given.kind === 'fields')) return fieldRecipeOptions;
  return OF_SHAPES.some((key) => key in given) ? shapeRecipeOptions : zooRecipeOptions;
});

/** A recipe, and where its data is: all that a process needs to run any job of a zoo. JSON. */
export interface ZooSource {
  readonly recipe: UsedBy<typeof anyRecipe>;
  /** In place of the recipe's. */
  readonly data?: string | undefined;
  readonly trainImages?: number | undefined;
  readonly testImages?: number | undefined;
}

/** What became of the files of a folder of meshes. */
export interface MeshNotes {
  readonly problems: { readonly file: string; readonly problem: string }[];
  /** Those that were moved or scaled: file = position / scale + offset. */
  readonly placed: { readonly file: string; readonly offset: readonly number[]; readonly scale: number }[];
}

interface Telling {
  readonly notes: MeshNotes;
  note(line: string): void;
}

/**
 * Reads the data of a recipe and plans its jobs.
 *
 * @param find gives the classifiers' architectures by name
 * @throws NetSpaceError as the loaders of data, and as `buildZoo`, `buildShapeZoo` and `buildFieldZoo` of recipes that are none
 */
export async function planOfSource(
  { recipe, data, trainImages, testImages }: ZooSource,
  find: FindArchitecture = architectureByName,
  telling?: Telling,
): Promise<ZooPlan> {
  if ('kind' in recipe && recipe.kind === 'fields') {
    const folder = data ?? recipe.fields;
    if (folder !== undefined) return fieldZooPlan(recipe, await loadFields(folder, recipe.size));
    throw new NetSpaceError('INVALID_OPTION', `zoo build: expected fields in the recipe or --data, got neither; for example: ${SHORTEST.fields.config}`); // prettier-ignore
  }
  if ('kind' in recipe) {
    const start = recipe.start && { start: await readInstance(recipe.start, architectureByName(recipe.architecture)) };
    return shapeZooPlan(recipe, { meshes: await meshesOf(recipe, data, telling), ...start });
  }
  const source = parseDatasetSpec(data ?? recipe.data);
  const train = thinDataset(await source.load('train'), trainImages ?? Infinity);
  const test = thinDataset(await source.load('test'), testImages ?? Infinity);
  if (source.kind === 'tensors' && sameInputs(train, test)) telling?.note(`${train.name} is both halves: networks are measured on the inputs that they learn from; x_train and x_test in one file, or {split} in its path, keep them apart`); // prettier-ignore
  return imageZooPlan(recipe, { train, test, find });
}

/** The meshes of a recipe: seats made by rule, or those of a folder or of a list of files, which `data` says the folder of, of which it tells what was left out or moved. */
async function meshesOf(
  { meshes, seats, bounds }: ShapeRecipe,
  data: string | undefined,
  telling: Telling | undefined,
): Promise<readonly NamedMesh[]> {
  const files = Array.isArray(meshes)
    ? (meshes as readonly string[]).map((file) => (data === undefined ? file : join(data, basename(file))))
    : undefined;
  const folder = data ?? meshes;
  if ((folder === undefined) === (seats === undefined)) {
    const got = seats === undefined ? 'neither' : `seats and the meshes in ${String(folder)}`;
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo build: expected meshes in the recipe or --data, or seats in the recipe, got ${got}; for example: ${SHORTEST.shapes.config} or ${SHORTEST.seats.config}`,
    );
  }
  if (seats !== undefined) {
    const ranges = 'count' in seats ? [seats] : seats.map((seed) => ({ count: 1, seed }));
    return (await Promise.all(ranges.map((range) => seatMeshes(range)))).flat();
  }
  const placement = bounds === undefined ? 'fit' : 'auto';
  const loading = files === undefined ? loadMeshFolder(folder as string, { placement }) : loadMeshFiles(files, { placement });
  const found = await loading.catch((error: unknown) => {
    if (!isNetSpaceError(error) || error.code !== 'NOT_FOUND') throw error;
    throw new NetSpaceError('NOT_FOUND', `${error.message}; put meshes there, or give the recipe seats, which are made by rule: ${SHORTEST.seats.config}`, { cause: error }); // prettier-ignore
  });
  for (const { file, mesh } of found) {
    const { offset, scale } = mesh;
    for (const warning of mesh.report.warnings) telling?.note(`${JSON.stringify(file)}: ${warning}`);
    if (scale !== 1) telling?.note(`${JSON.stringify(file)}: moved and scaled by ${scale.toPrecision(3)} to lie within ±0.5`);
    if (scale !== 1 || offset.some((x) => x !== 0)) telling?.notes.placed.push({ file, offset, scale });
  }
  for (const { file, error } of found.problems) {
    telling?.note(`${JSON.stringify(file)} left out: ${error.message}`);
    telling?.notes.problems.push({ file, problem: error.message });
  }
  return found;
}
