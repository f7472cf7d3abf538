import { choose, numberOf, objectOf, optional, positive, type UsedBy } from '@netspace/prep/internal';

import type { JobMemory } from './job-memory.js';

/** The most networks that a job trains at once. More bring little, and take memory. */
const LIMIT = 64;

const count = numberOf(`an integer from 1 to ${LIMIT}`, (value) => Number.isInteger(value) && value >= 1 && value <= LIMIT);

const byMemory = objectOf({
  /** Memory of a job, in GiB. */
  memory: positive,
});

/** The option `atOnce` of a recipe. */
export const atOnceOption = optional(
  choose(`an integer from 1 to ${LIMIT}, or { memory }`, (given) => (typeof given === 'object' && given !== null ? byMemory : count)),
);

/** From here on, networks at once save little more (`npm run bench -- --set zoos`). */
const ENOUGH = 16;

/** Processes that should find something to do, however few networks there are. */
const JOBS = 4;

/** How many networks a job trains at once if the recipe does not say it. A function of the recipe alone, because bits depend on it. */
export const defaultAtOnce = (networks: number): number => Math.max(1, Math.min(ENOUGH, Math.floor(networks / JOBS)));

interface Streak {
  /** Networks that may be trained at once. */
  readonly networks: number;
  /** What they take; undefined if nothing is known of their layers. */
  readonly memory: () => JobMemory | undefined;
  /** If the recipe does not say it. */
  readonly otherwise: number;
}

/**
 * How many networks of a streak a job trains at once. Bits depend on it, so it follows from the recipe alone, never from the machine: a recipe
 * names the memory, and machines that have less do not take its jobs.
 */
export function countAtOnce(atOnce: UsedBy<typeof atOnceOption>, { networks, memory, otherwise }: Streak): number {
  if (typeof atOnce !== 'object') return atOnce ?? otherwise;
  const known = memory();
  if (known === undefined) return 1;
  const fitting = Math.floor((atOnce.memory * 2 ** 30 - known.fixed) / known.each);
  return Math.max(1, Math.min(LIMIT, fitting, Math.floor(networks / JOBS)));
}

/** A list in parts of at most `size`. */
export const partsOf = <T>(list: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size));
