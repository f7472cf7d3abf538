import { NetSpaceError } from '@netspace/prep';
import { architectureByName } from '@netspace/zoo';
import { z } from 'zod';

const positive = z.number().positive();
const whole = z.number().int();

/** Steps over which the rate rises first. */
const warmUp = positive.optional();

/** A learning rate, or its schedule. */
export const scheduleSchema = z.union([
  positive,
  z.strictObject({
    kind: z.literal('steps'),
    learningRate: positive,
    milestones: z.array(whole.nonnegative()),
    factor: positive.default(0.1),
    warmUp,
  }),
  z.strictObject({ kind: z.literal('exponential'), learningRate: positive, factor: positive, every: positive.default(1), warmUp }),
  z.strictObject({
    kind: z.enum(['cosine', 'linear']),
    learningRate: positive,
    final: z.number().nonnegative().default(0),
    /** The run's length unless given. */
    steps: positive.optional(),
    warmUp,
  }),
]);

const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    learningRate: scheduleSchema,
    momentum: z.number().min(0).lt(1).default(0),
    weightDecay: z.number().nonnegative().default(0),
  }),
  z.strictObject({ kind: z.literal('adam'), learningRate: scheduleSchema }),
]);

const groupSchema = z.strictObject({
  /** A name that `architectureByName` knows. */
  architecture: z.string(),
  /** How many instances, seeds 0, 1, …; or the seeds themselves. */
  seeds: z.union([whole.positive(), z.array(whole.nonnegative()).nonempty()]).default(1),
  lengths: z.array(positive).nonempty(),
  unit: z.enum(['epochs', 'steps']).default('epochs'),
  /** Whether one training run gives the instances of all lengths, or each length is trained from its own start. */
  snapshots: z.boolean().default(true),
  optimizer: optimizerSchema.default({ kind: 'sgd', learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4 }),
  batchSize: whole.positive().default(128),
  /** Crops by up to `padding` pixels and, with `flip`, mirrors. */
  augment: z.strictObject({ padding: whole.nonnegative().optional(), flip: z.boolean().optional() }).optional(),
  /** Put before the names of this group's instances, to tell two groups of one architecture apart. */
  prefix: z
    .string()
    .regex(/^[\w.-]*$/)
    .default(''),
});

/** What a zoo is made of, as JSON; see `buildZoo`. */
export const zooRecipeSchema = z.strictObject({
  /** What the instances are trained on, as the command line takes it: `mnist`, `cifar10:PATH`. `buildZoo` itself is given the data. */
  data: z.string().default('mnist'),
  /** Added to every instance's own seed. */
  seed: whole.nonnegative().default(0),
  groups: z.array(groupSchema).nonempty(),
});

export type ZooRecipe = z.input<typeof zooRecipeSchema>;

/** One training run of a recipe and the instances that come out of it. */
export interface ZooRun {
  readonly architecture: string;
  readonly seed: number;
  readonly group: z.output<typeof groupSchema>;
  readonly instances: readonly { readonly name: string; readonly length: number }[];
}

/**
 * The training runs of a recipe, in order, with the names of all instances: `PREFIX ARCHITECTURE -s SEED -e LENGTH` without blanks.
 *
 * @throws NetSpaceError `NOT_FOUND` for an architecture that no zoo network is named, `INVALID_OPTION` if two instances get one name or
 *   lengths do not ascend
 */
export function planZoo(recipe: z.output<typeof zooRecipeSchema>): ZooRun[] {
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

const nameOf = ({ prefix, architecture, unit }: z.output<typeof groupSchema>, seed: number, length: number): string =>
  `${prefix}${architecture}-s${seed}-${unit === 'epochs' ? 'e' : 'n'}${length}`;
