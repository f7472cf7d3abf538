import { dirname } from 'node:path';

import { type Architecture, NetSpaceError } from '@netspace/prep';
import { type NamedMesh, seatMeshes } from '@netspace/shapes';
import { architectureByName, thinDataset, type InstanceStore } from '@netspace/zoo';
import type { Command } from 'commander';
import { choose, type UsedBy } from '@netspace/prep/internal';

import { withoutPaths } from '../../architectures/named-architecture.js';
import { readConfigFile } from '../../config/read-config-file.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { loadMeshFolder } from '../../datasets/load-mesh.js';
import { buildShapeZoo, buildZoo, type ShapeRecipe, type ZooAddition, type ZooProgress } from '@netspace/train';
import { shapeRecipeOptions, zooRecipeOptions } from '@netspace/train/internal';
import { alreadyReported } from '../already-reported.js';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { readInstance } from '../files/instance-file.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { counted } from '../output/counted.js';
import { zooInFolder } from '../../runs/zoo-in-folder.js';
import { SHORTEST } from '../training/shortest-config.js';
import { withWayOn } from '../training/way-on.js';

export const anyRecipe = choose('a recipe', (given) =>
  typeof given === 'object' && given !== null && 'kind' in given ? shapeRecipeOptions : zooRecipeOptions,
);

type Recipe = UsedBy<typeof anyRecipe>;

interface Options {
  readonly out: string;
  readonly data?: string;
  readonly trainImages?: number;
  readonly testImages?: number;
}

/** `netspace zoo build RECIPE --out DIR`: trains the instances of a recipe; what is there already is kept. */
export function addZooBuild(zoo: Command): void {
  zoo
    .command('build')
    .description('train the instances of a recipe into a folder; run it again to go on where it was stopped')
    .argument('<recipe>', 'JSON file')
    .requiredOption('--out <dir>', 'folder of the zoo')
    .option('--data <spec>', "instead of the recipe's data: mnist, cifar10:PATH, tiny-imagenet:PATH; for shapes a folder of meshes")
    .option('--train-images <n>', 'train on only this many images, evenly spread', countOption(CLI_LIMITS.images))
    .option('--test-images <n>', 'test on so many images only, evenly spread', countOption(CLI_LIMITS.images))
    .action(action(({ args, command, context }) => build(args[0]!, command.opts<Options>(), context)));
}

async function build(file: string, options: Options, context: CommandContext): Promise<void> {
  await checkOutput('--out', options.out, 'folder');
  const { recipe, architectures } = await withoutGraphs(await readConfigFile(file, anyRecipe, { example: SHORTEST.zoo }), dirname(file));
  const runtime = await context.startRuntime();
  const bar = context.progress('instances', 1000); // in thousandths: instances differ in length
  const onStep = ({ done, total, architecture, seed, step, steps }: ZooProgress) =>
    bar.update(Math.floor((1000 * (done + Math.min(step / steps, 0.99))) / total), `${done} of ${total}, ${architecture}, seed ${seed}`);
  const meshes: MeshNotes = { problems: [], placed: [] };
  const { store, added } = await zooInFolder(options.out, {
    ...{ command: 'zoo build', config: { recipe, ...options }, seed: recipe.seed, runtime },
    build: (into) => additions(recipe, options, { store: into, architectures, context, onStep, meshes }),
    notes: () => filled(meshes),
    onWait: (owner) =>
      context.note(`another build runs in ${options.out} (process ${owner}): waiting until it ends, to add what it leaves`),
    signal: context.signal,
  })
    .catch((error: unknown) => {
      throw withWayOn(error, commandOf(file, options));
    })
    .finally(() => bar.stop());
  const instances = await store.list();
  const unread = meshes.problems.map(({ file }) => JSON.stringify(file)).join(', ');
  context.print({ zoo: options.out, added, instances, ...filled(meshes) }, () =>
    [
      `${counted(added, 'instance')} added; ${instances.length} in ${options.out}`,
      ...(unread === '' ? [] : [`could not be read: ${unread}`]),
    ].join('; '),
  );
  if (unread !== '') throw alreadyReported;
}

/** A recipe with names of architectures where it names ONNX files, so that it means the same wherever it lies. */
async function withoutGraphs(
  recipe: Recipe,
  from: string,
): Promise<{ readonly recipe: Recipe; readonly architectures: readonly Architecture[] }> {
  if ('kind' in recipe) return { recipe, architectures: [] };
  const { names, given } = await withoutPaths(
    recipe.groups.map(({ architecture }) => architecture),
    from,
  );
  const groups = recipe.groups.map((group, i) => ({ ...group, architecture: names[i]! }));
  return { recipe: { ...recipe, groups }, architectures: [...given.values()] };
}

/** The command again: what is there is kept. */
const commandOf = (file: string, { out, data, trainImages, testImages }: Options): readonly string[] => [
  ...['zoo', 'build', file, '--out', out],
  ...(data === undefined ? [] : ['--data', data]),
  ...(trainImages === undefined ? [] : ['--train-images', String(trainImages)]),
  ...(testImages === undefined ? [] : ['--test-images', String(testImages)]),
];

/** What became of the files of a folder of meshes. */
interface MeshNotes {
  readonly problems: { readonly file: string; readonly problem: string }[];
  /** Those that were moved or scaled: file = position / scale + offset. */
  readonly placed: { readonly file: string; readonly offset: readonly number[]; readonly scale: number }[];
}

/** The lists that say something. */
const filled = ({ problems, placed }: MeshNotes): Partial<MeshNotes> => ({
  ...(problems.length > 0 && { problems }),
  ...(placed.length > 0 && { placed }),
});

/** The meshes of a recipe: seats made by rule, or those of a folder, of which it tells what was left out or moved. */
async function meshesOf(
  { meshes, seats, bounds }: ShapeRecipe,
  data: string | undefined,
  { context, notes }: { readonly context: CommandContext; readonly notes: MeshNotes },
): Promise<readonly NamedMesh[]> {
  const folder = data ?? meshes;
  if ((folder === undefined) === (seats === undefined)) {
    const got = seats === undefined ? 'neither' : `seats and the meshes in ${folder}`;
    throw new NetSpaceError('INVALID_OPTION', `zoo build: expected meshes in the recipe or --data, or seats in the recipe, got ${got}`);
  }
  if (seats !== undefined) return seatMeshes(seats);
  const found = await loadMeshFolder(folder!, { placement: bounds === undefined ? 'fit' : 'auto' });
  for (const { file, mesh } of found) {
    const { offset, scale } = mesh;
    for (const warning of mesh.report.warnings) context.note(`${JSON.stringify(file)}: ${warning}`);
    if (scale !== 1) context.note(`${JSON.stringify(file)}: moved and scaled by ${scale.toPrecision(3)} to lie within ±0.5`);
    if (scale !== 1 || offset.some((x) => x !== 0)) notes.placed.push({ file, offset, scale });
  }
  for (const { file, error } of found.problems) {
    context.note(`${JSON.stringify(file)} left out: ${error.message}`);
    notes.problems.push({ file, problem: error.message });
  }
  return found;
}

async function* additions(
  recipe: Recipe,
  { data, trainImages, testImages }: Options,
  {
    store,
    architectures,
    context,
    onStep,
    meshes: notes,
  }: {
    readonly store: InstanceStore;
    readonly architectures: readonly Architecture[];
    readonly context: CommandContext;
    readonly onStep: (progress: ZooProgress) => void;
    /** Takes what is to be told of the meshes. */
    readonly meshes: MeshNotes;
  },
): AsyncGenerator<ZooAddition, void> {
  if ('kind' in recipe) {
    const start = recipe.start && { start: await readInstance(recipe.start, architectureByName(recipe.architecture)) };
    const meshes = await meshesOf(recipe, data, { context, notes });
    yield* buildShapeZoo(recipe, { store, meshes, signal: context.signal, onStep, ...start });
    return;
  }
  const source = parseDatasetSpec(data ?? recipe.data);
  const train = thinDataset(await source.load('train'), trainImages ?? Infinity);
  const test = thinDataset(await source.load('test'), testImages ?? Infinity);
  yield* buildZoo(recipe, { store, train, test, architectures, signal: context.signal, onStep });
}
