import { type Architecture, NetSpaceError } from '@netspace/prep';
import {
  choose,
  count,
  flag,
  type GivenBy,
  listOf,
  objectOf,
  numberOf,
  oneOf,
  optional,
  seed as seedOption,
  text,
  type UsedBy,
  valueOf,
  whole,
  withDefault,
} from '@netspace/prep/internal';
import { architectureByName } from '@netspace/zoo';
import { isInstanceName, LOG_LIMITS } from '@netspace/zoo/internal';

import { atOnceOption, countAtOnce, defaultAtOnce, partsOf } from './at-once.js';
import type { JobMemory } from './job-memory.js';
import { augmentation } from '../instances/augmentation.js';
import { instanceOptimizerOption, PAPER_SGD } from '../instances/instance-optimizer.js';

const length = numberOf('a positive number up to 1e9', (value) => value > 0 && value <= 1e9);

const groupOptions = objectOf({
  /**
   * Name of an architecture: one that `architectureByName` knows, or one of the `architectures` of `buildZoo`. In a recipe file it may also be the
   * path of an ONNX file, or of the `model.json` of a `tf.LayersModel` (or of its folder), relative to the recipe.
   */
  architecture: text,
  /**
   * The number of seeds, which are then 0, 1, …; or a list of the seeds.
   * @default 1
   */
  seeds: withDefault(
    choose('a number of seeds, or a list of them', (given) => (Array.isArray(given) ? listOf(whole, 'a list of seeds', 1) : count)),
    1,
  ),
  /** The lengths of training, ascending. There is one instance for each length. */
  lengths: listOf(length, 'a list of at least one length', 1),
  /**
   * The unit of lengths, milestones and `every`.
   * @default 'epochs'
   */
  unit: withDefault(oneOf(['epochs', 'steps']), 'epochs'),
  /**
   * Whether one training run gives the instances of all lengths. If not, each length has a training run of its own.
   * @default true
   */
  snapshots: withDefault(flag, true),
  /**
   * The optimizer.
   * @default the paper's: SGD of 0.05 with momentum 0.9 and weight decay 5e-4
   */
  optimizer: withDefault(instanceOptimizerOption, PAPER_SGD),
  /**
   * Images per step.
   * @default 128
   */
  batchSize: withDefault(count, 128),
  /**
   * Crops by up to `padding` pixels and, with `flip`, mirrors; see `augmentedImageBatch`.
   * @default none
   */
  augment: optional(augmentation),
  /**
   * Initial values of networks of the task `regression`: `siren` for networks of sines with ω = 30; see `initialize`.
   * @default 'pytorch'
   */
  scheme: withDefault(oneOf(['pytorch', 'siren']), 'pytorch'),
  /**
   * Prefix of the names of this group's instances, to tell two groups of one architecture apart.
   * @default ''
   */
  prefix: withDefault(
    valueOf<string>('letters, digits, dots, dashes and underscores', (value) => typeof value === 'string' && /^[\w.-]*$/.test(value)),
    '',
  ),
});
type Group = UsedBy<typeof groupOptions>;

/** See {@link ZooRecipe}. */
export const zooRecipeOptions = objectOf({
  /**
   * The data that the instances are trained on, as the command line takes it: `mnist`, `cifar10:PATH`, or a file of tensors, such as
   * `./houses.csv#targets=price`, all as seen from the recipe. A program passes the data to `buildZoo` itself.
   * @default 'mnist'
   */
  data: withDefault(text, 'mnist'),
  /**
   * What the networks learn: `classification`, the labels of the data; `regression`, its targets, by mean squared error.
   * @default 'classification'
   */
  task: withDefault(oneOf(['classification', 'regression']), 'classification'),
  /**
   * Name of the output that learns, of networks that have several. The others stay as they began, but for weight decay.
   * @default the only one
   */
  output: optional(text),
  /**
   * This number is added to the seed of every instance.
   * @default 0
   */
  seed: withDefault(seedOption, 0),
  /**
   * The most networks that one job trains at once, as `trainInstances` does. Only networks go together that follow each other in the recipe and
   * have the same architecture, unit, batch size, augmentation and kind of optimizer. The last bits of a network depend on this number.
   * `{ memory: 4 }` takes as many as fit into 4 GiB by an estimate, at most 64 and a quarter of such networks; see the guide on several machines.
   * @default for LeNetLike and VanillaCNN a quarter of such networks, at most 16; otherwise 1
   */
  atOnce: atOnceOption,
  /** Networks that are trained in the same way. */
  groups: listOf(groupOptions, 'a list of at least one group', 1),
});

/** The recipe of a zoo, as JSON; see `buildZoo`. */
export interface ZooRecipe extends GivenBy<typeof zooRecipeOptions> {}

/** One training run of a recipe and the instances that it gives. */
export interface ZooRun {
  readonly architecture: string;
  readonly seed: number;
  readonly group: Group;
  readonly instances: readonly { readonly name: string; readonly length: number }[];
}

/**
 * The training runs of a recipe, in order, with the names of all instances: `PREFIX ARCHITECTURE -s SEED -e LENGTH` without blanks.
 *
 * @param find gives the architecture of a name
 * @throws NetSpaceError `NOT_FOUND` for an unknown architecture, `INVALID_OPTION` if two instances get one name, lengths do not ascend or a
 * store does not accept a name, `LIMIT_EXCEEDED` for more instances than a store holds
 */
export function planZoo(recipe: UsedBy<typeof zooRecipeOptions>, find: (name: string) => Architecture = architectureByName): ZooRun[] {
  checkSize(recipe);
  const runs = recipe.groups.flatMap((group) => {
    const { architecture, seeds, lengths, snapshots } = group;
    find(architecture);
    if (lengths.some((length, i) => length <= (lengths[i - 1] ?? 0))) {
      throw new NetSpaceError('INVALID_OPTION', `planZoo: expected ascending lengths of ${architecture}, got [${lengths}]; sort them`);
    }
    const list = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i) : seeds;
    const splits = snapshots ? [lengths] : lengths.map((length) => [length]);
    return list.flatMap((own) =>
      splits.map((part): ZooRun => {
        const seed = recipe.seed + own;
        if (!Number.isSafeInteger(seed)) {
          throw new NetSpaceError(
            'INVALID_OPTION',
            `planZoo: expected seeds up to ${Number.MAX_SAFE_INTEGER}, got ${seed}; choose a smaller one`,
          );
        }
        return { architecture, seed, group, instances: part.map((length) => ({ name: nameOf(group, seed, length), length })) };
      }),
    );
  });
  const names = new Set<string>();
  for (const { name } of runs.flatMap(({ instances }) => instances)) {
    if (!isInstanceName(name)) {
      throw new NetSpaceError(
        'INVALID_OPTION',
        `planZoo: expected names that begin with a letter or digit and have at most 128 characters, got ${name}; choose another prefix`,
      );
    }
    if (names.has(name))
      throw new NetSpaceError('INVALID_OPTION', `planZoo: two instances would be named ${name}; give one group a prefix`);
    names.add(name);
  }
  return runs;
}

/**
 * The runs that a job trains at once, in order.
 *
 * @param memory of a training such as that of a run
 */
export function runsAtOnce(
  runs: readonly ZooRun[],
  atOnce: UsedBy<typeof atOnceOption>,
  memory: (run: ZooRun) => JobMemory | undefined,
): readonly (readonly ZooRun[])[] {
  const streaks: ZooRun[][] = [];
  for (const run of runs) {
    const last = streaks.at(-1);
    if (last !== undefined && togetherKey(last[0]!) === togetherKey(run)) last.push(run);
    else streaks.push([run]);
  }
  return streaks.flatMap((streak) => {
    const [first] = streak as [ZooRun];
    const otherwise = SMALL.test(first.architecture) ? defaultAtOnce(streak.length) : 1;
    return partsOf(streak, countAtOnce(atOnce, { networks: streak.length, memory: () => memory(first), otherwise }));
  });
}

/** Architectures whose training is bound by the cost of starting operations on every runtime. */
const SMALL = /^(lenet-like|vanilla-cnn)-/;

/** Runs with the same key can be trained at once. */
function togetherKey({ architecture, group: { unit, batchSize, augment, optimizer } }: ZooRun): string {
  return JSON.stringify([architecture, unit, batchSize, augment, optimizer.kind]);
}

/** Refuses more instances than a store holds, before a list of them is made. */
function checkSize({ groups }: UsedBy<typeof zooRecipeOptions>): void {
  const count = groups.reduce((sum, { seeds, lengths }) => sum + (typeof seeds === 'number' ? seeds : seeds.length) * lengths.length, 0);
  if (count <= LOG_LIMITS.instances) return;
  throw new NetSpaceError(
    'LIMIT_EXCEEDED',
    `planZoo: expected at most ${LOG_LIMITS.instances} instances, got ${count}; split the recipe into several zoos`,
  );
}

const nameOf = ({ prefix, architecture, unit }: Group, seed: number, length: number): string =>
  `${prefix}${architecture}-s${seed}-${unit === 'epochs' ? 'e' : 'n'}${length}`;
