import { type ChannelPiece, parameterCount } from '../architecture.js';
import type { ParameterLayout } from '../checks/assert.js';
import { NetSpaceError } from '../errors.js';
import { functionOf, thing } from '../options/option-kinds.js';
import { objectOf, parseOptions } from '../options/options.js';
import { channelAxes } from './channel-axes.js';

/** The new order of a group of hidden channels: entry j is the channel that moves to place j, a permutation of 0 … `count` − 1. */
export type ChannelOrder = (channels: string, count: number) => ArrayLike<number>;

const given = objectOf({ architecture: thing<ParameterLayout>('an architecture', ['parameters']), order: functionOf<ChannelOrder>() });

/**
 * Where each number of a network's PRep goes if its hidden channels are put in another order. The network computes the same function in
 * any order.
 *
 * `q[i] = p[source[i]]`, where `p` are the network's parameters in the order of its PRep, and `q` those of the same network with channel
 * `order(name, count)[j]` of each group `name` at place `j`. Groups are those that the specs' `channels` name; without any, nothing moves.
 *
 * @param order called once a group
 * @returns `source`, one entry a parameter
 * @throws NetSpaceError `INVALID_OPTION` if there is no architecture or `order` is no function, an order is not as long as its group, or an
 * axis is no multiple of its group
 * @example
 * ```ts
 * import { channelPermutation, unresolvedArchitecture } from '@netspace/prep';
 *
 * // One input, two hidden channels, one output.
 * const architecture = unresolvedArchitecture('two-layers', [
 *   { name: 'fc1.weight', shape: [2, 1], channels: ['hidden', undefined] },
 *   { name: 'fc1.bias', shape: [2], channels: ['hidden'] },
 *   { name: 'fc2.weight', shape: [1, 2], channels: [undefined, 'hidden'] },
 * ]);
 * console.log([...channelPermutation(architecture, () => [1, 0])].join(' ')); // 1 0 3 2 5 4
 * ```
 * @see Hecht-Nielsen, "On the algebraic structure of feedforward network weight spaces", 1990
 */
export function channelPermutation(architecture: ParameterLayout, order: ChannelOrder): Int32Array {
  parseOptions('channelPermutation', given, { architecture, order });
  const { parameters } = architecture;
  const { groups, axes } = channelAxes('channelPermutation', parameters);
  const orders = new Map<string, ArrayLike<number>>();
  for (const [channels, count] of groups) orders.set(channels, checked(channels, count, order(channels, count)));
  const source = new Int32Array(parameterCount(parameters));
  let offset = 0;
  for (const pieces of axes) {
    let places = Int32Array.of(0);
    for (const axis of pieces) places = expand(places, axisSources(axis, orders));
    places.forEach((place, i) => (source[offset + i] = offset + place));
    offset += places.length;
  }
  return source;
}

function checked(channels: string, count: number, order: ArrayLike<number>): ArrayLike<number> {
  const seen = new Set(Array.from(order).filter((from) => Number.isInteger(from) && from >= 0 && from < count));
  if (order.length === count && seen.size === count) return order;
  throw new NetSpaceError('INVALID_OPTION', `channelPermutation: expected a permutation of the ${count} channels of ${channels}`);
}

/** For each place along one axis: the place from which it takes its numbers. */
function axisSources(pieces: readonly ChannelPiece[], orders: ReadonlyMap<string, ArrayLike<number>>): Int32Array {
  const sources: number[] = [];
  for (const piece of pieces) {
    let places = Int32Array.of(0);
    for (const { size, channels } of piece) {
      const order = channels === undefined ? undefined : orders.get(channels);
      places = expand(
        places,
        Int32Array.from({ length: size }, (_, i) => order?.[i] ?? i),
      );
    }
    const begin = sources.length;
    for (const place of places) sources.push(begin + place);
  }
  return Int32Array.from(sources);
}

/** Adds one axis: the row-major places of the axes so far, each followed by all places of the new axis. */
function expand(outer: Int32Array, axis: Int32Array): Int32Array<ArrayBuffer> {
  const places = new Int32Array(outer.length * axis.length);
  outer.forEach((place, i) => axis.forEach((source, j) => (places[i * axis.length + j] = place * axis.length + source)));
  return places;
}
