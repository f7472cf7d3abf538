import { NetSpaceError } from '@netspace/prep';

import { randomAt } from './random.js';

/** The indices that a step sees, as a pure function of the step. */
export type Batches = (step: number) => Uint32Array;

/** Options of all kinds of batches. */
interface BatchOptions {
  /** Items per batch. */
  readonly size: number;
  readonly seed: number;
  /** Names the permutations, so that images and networks of one run have different ones. */
  readonly stream: string;
  /** The function whose option `size` is, and the option's name, for the message. */
  readonly caller: string;
  readonly option: string;
}

/**
 * Batches that go through a new permutation of all items in each epoch. Items that do not fill a batch are left for the next epoch.
 *
 * @param options `count` is how many items there are
 * @throws NetSpaceError `INVALID_OPTION` unless 1 ≤ size ≤ count
 */
export function shuffledBatches({ count, size, seed, stream, caller, option }: BatchOptions & { readonly count: number }): Batches {
  if (!(Number.isInteger(size) && size >= 1 && size <= count)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected ${option} from 1 to ${count}, the number of ${stream}, got ${size}; pass a smaller ${option} or more ${stream}`,
    );
  }
  const perEpoch = Math.floor(count / size);
  const order = remember((epoch) => randomAt(seed, stream, epoch).permutation(count));
  return (step) => {
    const begin = (step % perEpoch) * size;
    return order(Math.floor(step / perEpoch)).slice(begin, begin + size);
  };
}

/**
 * Batches that take the same number of items from every group (up to one, if the size does not divide). Each group goes through its own
 * permutations. So a rare architecture is seen as often as a common one.
 *
 * @param options `groups` are the items' indices, group by group; at least one each
 * @throws NetSpaceError `INVALID_OPTION` if a group is empty or the batch smaller than the number of groups
 */
export function balancedBatches({
  groups,
  size,
  seed,
  stream,
  caller,
  option,
}: BatchOptions & { readonly groups: readonly (readonly number[])[] }): Batches {
  if (!(Number.isInteger(size) && size >= groups.length)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected ${option} of at least ${groups.length}, one for each architecture with ${stream}, got ${size}; pass a larger ${option}`,
    );
  }
  const empty = groups.findIndex((group) => group.length === 0);
  if (empty >= 0) throw new NetSpaceError('INVALID_OPTION', `${caller}: group ${empty} of ${stream} is empty; leave it out`);
  const orders = groups.map((group, i) => remember((round) => randomAt(seed, stream, i, round).permutation(group.length)));
  return (step) =>
    Uint32Array.from({ length: size }, (_, place) => {
      const position = step * size + place; // dealt round-robin
      const index = position % groups.length;
      const group = groups[index]!;
      const taken = Math.floor(position / groups.length);
      return group[orders[index]!(Math.floor(taken / group.length))[taken % group.length]!]!;
    });
}

/** The last result of a pure function of a number. */
function remember(compute: (key: number) => Uint32Array): (key: number) => Uint32Array {
  let last: { readonly key: number; readonly value: Uint32Array } | undefined;
  return (key) => (last?.key === key ? last : (last = { key, value: compute(key) })).value;
}
