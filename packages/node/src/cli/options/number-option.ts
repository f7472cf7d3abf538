import { InvalidArgumentError } from 'commander';

/** Upper limits of the numbers that a command takes: far more than anybody has used, and few enough not to fill the memory. */
export const CLI_LIMITS = {
  /** Steps of training. */
  steps: 1_000_000_000,
  /** Steps of an optimization, whose losses are all kept. */
  latentSteps: 10_000_000,
  /** Networks on a walk, which are all in memory at once. */
  walk: 10_000,
  /** Images of a data set or a batch. */
  images: 1_000_000_000,
  /** Seats made by rule, of a zoo. */
  seats: 100_000,
  /** Processes of one machine that train at once. */
  processes: 1024,
  /** Of TCP. */
  port: 65_535,
} as const;

/** Reads the number of an option. */
export function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError(`expected a number, got '${text.slice(0, 40)}'`);
  return value;
}

/** Reads the positive number of an option. */
export function positiveOption(text: string): number {
  const value = numberOption(text);
  if (value > 0) return value;
  throw new InvalidArgumentError(`expected a positive number, got ${value}`);
}

/** Reads the whole number of an option, from 1, or another least one, to a limit. */
export const countOption =
  (most: number, least = 1) =>
  (text: string): number => {
    const value = numberOption(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}, got ${value}`);
  };
