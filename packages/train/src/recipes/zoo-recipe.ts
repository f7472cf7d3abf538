import { NetSpaceError } from '@netspace/prep';
import {
  choose,
  count,
  flag,
  type GivenBy,
  listOf,
  objectOf,
  oneOf,
  optional,
  positive,
  seed as seedOption,
  text,
  type UsedBy,
  valueOf,
  whole,
  withDefault,
} from '@netspace/prep/internal';
import { architectureByName } from '@netspace/zoo';

import { augmentation } from './augmentation.js';
import { instanceOptimizerOption, PAPER_SGD } from './instance-optimizer.js';

const groupOptions = objectOf({
  /** A name that `architectureByName` knows. */
  architecture: text,
  /**
   * How many instances, seeds 0, 1, …; or the seeds themselves.
   * @default 1
   */
  seeds: withDefault(
    choose('a number of seeds, or a list of them', (given) => (Array.isArray(given) ? listOf(whole, 'a list of seeds', 1) : count)),
    1,
  ),
  /** How long each network is trained, ascending; there is one instance a length. */
  lengths: listOf(positive, 'a list of at least one length', 1),
  /**
   * What lengths, milestones and `every` count.
   * @default 'epochs'
   */
  unit: withDefault(oneOf(['epochs', 'steps']), 'epochs'),
  /**
   * Whether one training run gives the instances of all lengths, or each length is trained from its own start.
   * @default true
   */
  snapshots: withDefault(flag, true),
  /**
   * How the networks learn.
   * @default the paper's: SGD of 0.05 with momentum 0.9 and weight decay 5e-4
   */
  optimizer: withDefault(instanceOptimizerOption, PAPER_SGD),
  /**
   * Images a step.
   * @default 128
   */
  batchSize: withDefault(count, 128),
  /**
   * Crops by up to `padding` pixels and, with `flip`, mirrors; see `augmentedImageBatch`.
   * @default none
   */
  augment: optional(augmentation),
  /**
   * Put before the names of this group's instances, to tell two groups of one architecture apart.
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
   * What the instances are trained on, as the command line takes it: `mnist`, `cifar10:PATH`. `buildZoo` itself is given the data.
   * @default 'mnist'
   */
  data: withDefault(text, 'mnist'),
  /**
   * Added to every instance's own seed.
   * @default 0
   */
  seed: withDefault(seedOption, 0),
  /** Networks that are trained in the same way. */
  groups: listOf(groupOptions, 'a list of at least one group', 1),
});

/** What a zoo is made of, as JSON; see `buildZoo`. */
export interface ZooRecipe extends GivenBy<typeof zooRecipeOptions> {}

/** One training run of a recipe and the instances that come out of it. */
export interface ZooRun {
  readonly architecture: string;
  readonly seed: number;
  readonly group: Group;
  readonly instances: readonly { readonly name: string; readonly length: number }[];
}

/**
 * The training runs of a recipe, in order, with the names of all instances: `PREFIX ARCHITECTURE -s SEED -e LENGTH` without blanks.
 *
 * @throws NetSpaceError `NOT_FOUND` for an architecture that no zoo network is named, `INVALID_OPTION` if two instances get one name or
 *   lengths do not ascend
 */
export function planZoo(recipe: UsedBy<typeof zooRecipeOptions>): ZooRun[] {
  const runs = recipe.groups.flatMap((group) => {
    const { architecture, seeds, lengths, snapshots } = group;
    architectureByName(architecture);
    if (lengths.some((length, i) => length <= (lengths[i - 1] ?? 0))) {
      throw new NetSpaceError('INVALID_OPTION', `planZoo: expected ascending lengths of ${architecture}, got [${lengths}]; sort them`);
    }
    const list = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i) : seeds;
    const splits = snapshots ? [lengths] : lengths.map((length) => [length]);
    return list.flatMap((own) =>
      splits.map((part): ZooRun => {
        const seed = recipe.seed + own;
        return { architecture, seed, group, instances: part.map((length) => ({ name: nameOf(group, seed, length), length })) };
      }),
    );
  });
  const names = new Set<string>();
  for (const { name } of runs.flatMap(({ instances }) => instances)) {
    if (names.has(name))
      throw new NetSpaceError('INVALID_OPTION', `planZoo: two instances would be named ${name}; give one group a prefix`);
    names.add(name);
  }
  return runs;
}

const nameOf = ({ prefix, architecture, unit }: Group, seed: number, length: number): string =>
  `${prefix}${architecture}-s${seed}-${unit === 'epochs' ? 'e' : 'n'}${length}`;
