import type { RawTensor } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';

/** Names of the tensors that a data set consists of. */
export interface TensorNames {
  readonly inputs: readonly string[];
  readonly labels: string | undefined;
  readonly targets: readonly string[] | undefined;
}

interface Said {
  readonly name: string;
  readonly inputs?: string | readonly string[] | undefined;
  readonly labels?: string | undefined;
  readonly targets?: string | readonly string[] | undefined;
  readonly feeds?: readonly string[] | undefined;
  readonly split?: 'train' | 'test' | undefined;
}

type Tensors = ReadonlyMap<string, RawTensor>;
type Split = 'train' | 'test' | undefined;

const INPUTS = ['inputs', 'x', 'images', 'coordinates'];
const LABELS = ['labels', 'label', 'class'];
const TARGETS = ['targets', 'target'];

/** The first tensor of a usual name: of the half that is wanted, and then of none. */
function usual(tensors: Tensors, words: readonly string[], split: Split, { ofSplit = false } = {}): string | undefined {
  const keys = [...tensors.keys()];
  const spellings = words.flatMap((word) => [
    ...(split === undefined ? [] : [`${word}_${split}`, `${split}_${word}`]),
    ...(ofSplit ? [] : [word]),
  ]);
  return spellings.flatMap((one) => keys.find((key) => key.toLowerCase() === one) ?? [])[0];
}

/** The half that a usual name speaks of: `train` for `x_train` and `train_images`; none for `test_score`. */
function halfOf(name: string): Split {
  const usualOf = (half: 'train' | 'test') =>
    [...INPUTS, ...LABELS, ...TARGETS, 'y'].flatMap((word) => [`${word}_${half}`, `${half}_${word}`]);
  return (['train', 'test'] as const).find((half) => usualOf(half).includes(name.toLowerCase()));
}

/** The tensor of labels: of a usual name, or integers that are called y. */
export function usualLabels(tensors: Tensors, split: Split): string | undefined {
  const answer = usual(tensors, ['y'], split);
  return usual(tensors, LABELS, split) ?? (answer !== undefined && isWhole(tensors.get(answer)!) ? answer : undefined);
}

const isWhole = ({ dtype }: RawTensor): boolean => !/^(F|BF|C)/.test(dtype);

function usualTargets(tensors: Tensors, split: Split): string | undefined {
  const answer = usual(tensors, ['y'], split);
  return usual(tensors, TARGETS, split) ?? (answer !== undefined && !isWhole(tensors.get(answer)!) ? answer : undefined);
}

/** The tensor, or the columns, of inputs among those that are no answers. */
function usualInputs(tensors: Tensors, split: Split, answers: readonly string[]): readonly string[] {
  const ofSplit = usual(tensors, INPUTS, split, { ofSplit: true });
  if (ofSplit !== undefined) return [ofSplit];
  const others = [...tensors.keys()].filter((key) => !answers.includes(key) && (split === undefined || (halfOf(key) ?? split) === split));
  if (others.length === 1 || others.every((key) => tensors.get(key)!.shape.length === 1)) return others; // columns of a table
  const found = usual(tensors, INPUTS, undefined);
  return found === undefined ? [] : [found];
}

/**
 * Which tensors are inputs, labels and targets: those that were named, or those of usual names.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is none of a name, or nothing says which are the inputs; `INVALID_OPTION` if one is both
 */
export function findNames(caller: string, tensors: Tensors, { name, split: wanted, ...said }: Said): TensorNames {
  const split = halfOf([said.inputs ?? ''].flat()[0]!) ?? wanted; // inputs that are named bring the answers of their half
  const there = (given: string): string => {
    if (tensors.has(given)) return given;
    throw new NetSpaceError(
      'NOT_FOUND',
      `${caller}: expected ${given} among ${listed(tensors)} of ${name}, got no such tensor; check the name`,
    );
  };
  const named = (given: string | readonly string[] | undefined) => (given === undefined ? undefined : [given].flat().map(there));
  const own = said.feeds?.map((one) => there(ofHalf(tensors, one, wanted))) ?? named(said.inputs);
  const unlessInput = (one: string | undefined): string | undefined => (one === undefined || own?.includes(one) ? undefined : one);
  const targets = named(said.targets);
  const labels = said.labels === undefined ? unlessTarget(unlessInput(usualLabels(tensors, split)), targets) : there(said.labels);
  const found = targets === undefined ? unlessInput(usualTargets(tensors, split)) : undefined;
  const answers = [...(targets ?? []), ...(found === undefined || found === labels ? [] : [found])];
  const inputs = own ?? usualInputs(tensors, split, [...answers, ...(labels === undefined ? [] : [labels])]);
  if (inputs.length === 0) {
    throw new NetSpaceError('NOT_FOUND', `${caller}: expected inputs, x, images or coordinates among the tensors of ${name}, got ${listed(tensors)}; say which: inputs=NAME`); // prettier-ignore
  }
  const twice = inputs.find((one) => one === labels || answers.includes(one));
  if (twice !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected ${twice} of ${name} as inputs or as what networks should give, got both; name one of them`); // prettier-ignore
  }
  return { inputs, labels, targets: answers.length === 0 ? undefined : answers };
}

/** The tensor that feeds an input: of the half that is wanted, and then of none. */
const ofHalf = (tensors: Tensors, name: string, split: Split): string =>
  (split === undefined ? [] : [`${name}_${split}`, `${split}_${name}`]).find((key) => tensors.has(key)) ?? name;

const unlessTarget = (one: string | undefined, targets: readonly string[] | undefined): string | undefined =>
  one !== undefined && targets?.includes(one) ? undefined : one;

/** Some of the names, with their shapes. */
function listed(tensors: ReadonlyMap<string, RawTensor>): string {
  const all = [...tensors].slice(0, 12).map(([key, { shape }]) => `${key.slice(0, 60)} [${shape}]`);
  return `${all.join(', ')}${tensors.size > 12 ? ` and ${tensors.size - 12} more` : ''}`;
}
