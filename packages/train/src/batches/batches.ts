import { NetSpaceError } from '@netspace/prep';

import { randomAt } from './random.js';

/** Which indices a step sees: a pure function of the step. */
export type Batches = (step: number) => Uint32Array;

/**
 * Batches that walk through a new permutation of all items each epoch; what does not fill a batch is left for the next epoch.
 *
 * @param count how many items there are
 * @param size items per batch
 * @param stream names the permutations, so that images and networks of one run have their own
 * @throws NetSpaceError `INVALID_OPTION` unless 1 ≤ size ≤ count
 */
export function shuffledBatches({
  count,
  size,
  seed,
  stream,
}: {
  readonly count: number;
  readonly size: number;
  readonly seed: number;
  readonly stream: string;
}): Batches {
  if (!(Number.isInteger(size) && size >= 1 && size <= count)) {
    throw new NetSpaceError('INVALID_OPTION', `shuffledBatches: expected a batch of 1 to ${count} ${stream}, got ${size}`);
  }
  const perEpoch = Math.floor(count / size);
  const order = remember((epoch) => randomAt(seed, stream, epoch).permutation(count));
  return (step) => {
    const begin = (step % perEpoch) * size;
    return order(Math.floor(step / perEpoch)).slice(begin, begin + size);
  };
}

/**
 * Batches that take the same number of items from every group (up to one where the size does not divide), each group
 * walking through its own permutations: a rare architecture is seen as often as a common one.
 *
 * @param groups the items' indices, group by group; at least one each
 * @param size items per batch, at least one per group
 * @throws NetSpaceError `INVALID_OPTION` if a group is empty or the batch smaller than the number of groups
 */
export function balancedBatches({
  groups,
  size,
  seed,
  stream,
}: {
  readonly groups: readonly (readonly number[])[];
  readonly size: number;
  readonly seed: number;
  readonly stream: string;
}): Batches {
  if (!(Number.isInteger(size) && size >= groups.length)) {
    throw new NetSpaceError('INVALID_OPTION', `balancedBatches: expected a batch of at least ${groups.length} ${stream}, got ${size}`);
  }
  const empty = groups.findIndex((group) => group.length === 0);
  if (empty >= 0) throw new NetSpaceError('INVALID_OPTION', `balancedBatches: group ${empty} of ${stream} is empty; leave it out`);
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
