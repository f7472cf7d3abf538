import { dirname } from 'node:path';

import type { Architecture } from '@netspace/prep';
import { architectureByName, type InstanceStore } from '@netspace/zoo';
import type { Command } from 'commander';

import { keepArchitectures } from '../../../architectures/architectures-in.js';
import { withoutPaths } from '../../../architectures/named-architecture.js';
import { readConfigFile } from '../../../config/read-config-file.js';
import { dataOfConfig, pathOfConfig } from '../../../config/config-paths.js';
import type { ZooAddition, ZooProgress } from '@netspace/train';
import { addJobs, type ZooPlan } from '@netspace/train/internal';
import { alreadyReported } from '../../already-reported.js';
import { checkOutputAt } from '../../../files/files-at.js';
import { buildByJobs } from '../../../jobs/build-by-jobs.js';
import { jobKeys } from '../../../jobs/job-key.js';
import { anyRecipe, type MeshNotes, planOfSource, type ZooSource } from '../../../jobs/zoo-source.js';
import type { Telemetry } from '../../../metrics/telemetry.js';
import { action, type CommandContext } from '../../command-context.js';
import { refuseOtherKind } from '../../files/refuse-other-kind.js';
import { CLI_LIMITS, countOption } from '../../options/number-option.js';
import { addWorkOptions, checkWork, workArguments, type WorkOptions } from '../../options/work-options.js';
import { counted } from '../../output/counted.js';
import type { Progress } from '../../../runs/progress.js';
import { zooInFolder } from '../../../runs/zoo-in-folder.js';
import type { SelectedRuntime } from '../../../runtime/select-runtime.js';
import { shortestRecipe } from '../../training/shortest-config.js';
import { withWayOn } from '../../training/way-on.js';
import { jobsAtOnce, originOfWork } from '../../work/run-work.js';
import { startJobs } from '../../work/start-jobs.js';
import { traced } from '../../work/traced.js';

type Recipe = ZooSource['recipe'];

interface Options extends WorkOptions {
  readonly out: string;
  readonly data?: string;
  readonly trainImages?: number;
  readonly testImages?: number;
}

/** `netspace zoo build RECIPE --out DIR`: trains the instances of a recipe; what is there already is kept. */
export function addZooBuild(zoo: Command): void {
  const command = zoo
    .command('build')
    .description('train the instances of a recipe into a folder; run it again to go on where it was stopped')
    .argument('<recipe>', 'JSON file')
    .requiredOption('--out <dir>', 'folder of the zoo, or s3://BUCKET/PATH')
    .option(
      '--data <spec>',
      "instead of the recipe's data: mnist, cifar10:PATH, tiny-imagenet:PATH, a file of tensors; for shapes a folder of meshes, for fields a folder of pictures",
    )
    .option('--train-images <n>', 'train on only this many inputs, evenly spread', countOption(CLI_LIMITS.images))
    .option('--test-images <n>', 'test on only this many inputs, evenly spread', countOption(CLI_LIMITS.images));
  addWorkOptions(command).action(action(({ args, command, context }) => build(args[0]!, command.opts<Options>(), context)));
}

async function build(file: string, options: Options, context: CommandContext): Promise<void> {
  await checkOutputAt('--out', options.out);
  const { recipe, architectures } = await withoutPlace(await readConfigFile(file, anyRecipe, { ...context, example: shortestRecipe }), {
    folder: dirname(file),
    data: options.data,
  });
  await refuseOtherKind('zoo build', options.out, architecturesOf(recipe, architectures));
  const runtime = await context.startRuntime();
  const { concurrency: _, queue: __, metrics: ___, telemetry: ____, ...settings } = options; // these do not change the networks, and a queue may have a password
  await checkWork('zoo build', options, runtime);
  const { data, trainImages, testImages } = options;
  const meshes: MeshNotes = { problems: [], placed: [] };
  const source: ZooSource = { recipe, data, trainImages, testImages };
  const plan = await planOfSource(source, finderOf(architectures), { notes: meshes, note: (line) => context.note(line) }); // bad data leaves no folder
  const bar = context.progress('instances', 1000, { as: 'percent' }); // in thousandths: instances differ in length
  let fate: string | undefined;
  const building = (telemetry: Telemetry): ReturnType<typeof zooInFolder> =>
    zooInFolder(options.out, {
      ...{ command: 'zoo build', config: { recipe, ...settings }, seed: recipe.seed, runtime },
      build(into) {
        fate = fateOf(options);
        return additions(source, options, { store: into, plan, architectures, runtime, context, bar, telemetry });
      },
      notes: () => ({ ...filled(meshes), total: plan.jobs.reduce((sum, { names }) => sum + names.length, 0) }),
      onWait: (owner) =>
        context.note(`another build runs in ${options.out} (process ${owner}): waiting until it ends, to add what it leaves`),
      signal: context.signal,
    });
  const facts = { 'netspace.zoo': options.out, 'netspace.jobs': plan.jobs.length };
  const [built] = await Promise.allSettled([traced('zoo build', options, facts, building)]);
  bar.stop();
  if (built.status === 'rejected') throw withWayOn(built.reason, context, commandOf(file, options), fate);
  const { store, added } = built.value;
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

interface RecipePlace {
  readonly folder: string;
  /** What stands in place of its data, as seen from here: where those are does not matter then. */
  readonly data: string | undefined;
}

/** A recipe with names of architectures where it names files of them, and the way to its data, so that it means the same wherever it lies. */
async function withoutPlace(
  recipe: Recipe,
  { folder: from, data: other }: RecipePlace,
): Promise<Pick<Building, 'architectures'> & { readonly recipe: Recipe }> {
  if ('kind' in recipe) return { recipe: await placedShapes(recipe, from, other), architectures: [] };
  const { names, given } = await withoutPaths(
    recipe.groups.map(({ architecture }) => architecture),
    from,
    { purpose: recipe.task === 'regression' ? 'regressor' : 'classifier' },
  );
  const groups = recipe.groups.map((group, i) => ({ ...group, architecture: names[i]! }));
  const data = other === undefined ? await dataOfConfig(recipe.data, { key: 'data', folder: from }) : recipe.data;
  return { recipe: { ...recipe, data, groups }, architectures: [...given.values()] };
}

/** The same for shapes and fields: the way to their files. */
async function placedShapes(recipe: Extract<Recipe, { readonly kind: unknown }>, folder: string, other: string | undefined) {
  const placed = (key: string, path: string): Promise<string> => pathOfConfig(path, { key, folder });
  if (recipe.kind === 'fields') {
    const { fields } = recipe;
    return fields === undefined || other !== undefined ? recipe : { ...recipe, fields: await placed('fields', fields) };
  }
  const { meshes, start } = recipe;
  const files = typeof meshes === 'string' ? await placed('meshes', meshes) : await Promise.all((meshes ?? []).map((file) => placed('meshes', file))); // prettier-ignore
  return {
    ...recipe,
    ...(meshes !== undefined && other === undefined && { meshes: files }),
    ...(start !== undefined && { start: await placed('start', start) }),
  };
}

/** Those of the networks that a recipe describes; a name that is none is refused later, with its own message. */
function architecturesOf(recipe: Recipe, given: readonly Architecture[]): readonly Architecture[] {
  const names = 'kind' in recipe ? [recipe.architecture] : recipe.groups.map(({ architecture }) => architecture);
  return names.flatMap((name) => {
    try {
      return given.find((one) => one.name === name) ?? architectureByName(name);
    } catch {
      return [];
    }
  });
}

/** The command again: what is there is kept. */
const commandOf = (file: string, { out, data, trainImages, testImages, ...work }: Options): readonly string[] => [
  ...['zoo', 'build', file, '--out', out],
  ...(data === undefined ? [] : ['--data', data]),
  ...(trainImages === undefined ? [] : ['--train-images', String(trainImages)]),
  ...(testImages === undefined ? [] : ['--test-images', String(testImages)]),
  ...workArguments(work),
];

/** What becomes of the networks that were in training when the build was stopped; workers of a queue go on. */
function fateOf({ concurrency, queue }: Options): string | undefined {
  if (queue !== undefined) return 'workers go on with the jobs in the queue';
  if (concurrency === undefined) return 'finished networks are kept, those in training begin anew';
  return 'finished networks are kept, those in training go on from their last checkpoint (one a minute) if they have one';
}

/** The lists that say something. */
const filled = ({ problems, placed }: MeshNotes): Partial<MeshNotes> => ({
  ...(problems.length > 0 && { problems }),
  ...(placed.length > 0 && { placed }),
});

const finderOf =
  (architectures: readonly Architecture[]) =>
  (name: string): Architecture =>
    architectures.find((one) => one.name === name) ?? architectureByName(name);

interface Building {
  readonly store: InstanceStore;
  readonly plan: ZooPlan;
  /** Those that the recipe names by files. */
  readonly architectures: readonly Architecture[];
  readonly runtime: SelectedRuntime;
  readonly context: CommandContext;
  readonly bar: Progress;
  readonly telemetry: Telemetry;
}

async function* additions(source: ZooSource, options: Options, building: Building): AsyncGenerator<ZooAddition, void> {
  const { store, plan, architectures, runtime, context, bar, telemetry } = building;
  const { signal, netspace } = context;
  const { out, concurrency, queue } = options;
  if (concurrency === undefined && queue === undefined) {
    const onStep = ({ done, total, title, missing, given, step, steps }: ZooProgress) => {
      const share = (done - given + missing * Math.min(step / steps, 0.99)) / total; // by steps: several networks may end at once
      bar.update(Math.floor(1000 * share), `${done} of ${total}, training ${title}`);
    };
    yield* addJobs(callOf(source.recipe), plan, { store, signal, onStep });
    return;
  }
  await keepArchitectures(out, architectures); // where workers find them
  const origin = originOfWork(runtime, options);
  const { jobs } = plan;
  yield* buildByJobs(plan, {
    ...{ store, zoo: out, keys: jobKeys(jobs, origin), concurrency: jobsAtOnce(options), signal, netspace },
    start: (facts) => startJobs({ zoo: out, kind: 'build', source, origin, bar, jobs, options, context, telemetry }, facts),
  });
}

/** The function that a program calls for a recipe, which messages name. */
const callOf = (recipe: Recipe): string => ('kind' in recipe ? (recipe.kind === 'fields' ? 'buildFieldZoo' : 'buildShapeZoo') : 'buildZoo');
