import { numberOf, optional } from '@netspace/prep/internal';

/** The most networks that a job trains at once. More bring little, and take memory. */
const LIMIT = 64;

/** The option `atOnce` of a recipe. */
export const atOnceOption = optional(
  numberOf(`an integer from 1 to ${LIMIT}`, (value) => Number.isInteger(value) && value >= 1 && value <= LIMIT),
);

/** From here on, networks at once save little more (`npm run bench -- --set zoos`). */
const ENOUGH = 16;

/** Processes that should find something to do, however few networks there are. */
const JOBS = 4;

/** How many networks a job trains at once if the recipe does not say it. A function of the recipe alone, because bits depend on it. */
export const defaultAtOnce = (networks: number): number => Math.max(1, Math.min(ENOUGH, Math.floor(networks / JOBS)));

/** A list in parts of at most `size`. */
export const partsOf = <T>(list: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size));
