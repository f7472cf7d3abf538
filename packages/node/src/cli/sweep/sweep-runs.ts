import { NetSpaceError } from '@netspace/prep';

import type { SweepConfig } from './sweep-config.js';

/** A run of a sweep. */
export interface SweepRun {
  /** Of its folder. */
  readonly name: string;
  /** What differs from the config, by key. */
  readonly changes: Readonly<Record<string, unknown>>;
}

/** Longest part of a folder's name that a value gives. */
const LONGEST = 24;

/** More than anybody has trained, and few enough to be listed in a file. */
const MOST_RUNS = 10_000;

/**
 * The runs of a sweep: the combinations of its grid, the last key changing first, then those that are listed; each with all seeds, one after the other.
 *
 * @throws NetSpaceError `INVALID_OPTION` if two runs are the same, or if there are too many
 */
export function sweepRuns({ grid, runs, seeds }: Pick<SweepConfig, 'grid' | 'runs' | 'seeds'>): readonly SweepRun[] {
  const keys = Object.keys(grid);
  const total = (Object.values(grid).reduce((product, { length }) => product * length, 1) + runs.length) * (seeds?.length ?? 1);
  if (total > MOST_RUNS) throw new NetSpaceError('INVALID_OPTION', `sweep: expected at most ${MOST_RUNS} runs, got ${total}; give the keys of the grid fewer values, or list the runs that matter in runs`); // prettier-ignore
  const combinations = Object.entries(grid).reduce<readonly Readonly<Record<string, unknown>>[]>(
    (before, [key, values]) => before.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
  const listed = keys.length === 0 && runs.length > 0 ? runs : [...combinations, ...runs];
  const all = seeds === undefined ? listed : listed.flatMap((one) => seeds.map((seed) => ({ ...one, seed })));
  const seen = new Map<string, number>();
  const named = all.map((changes, i): SweepRun => {
    const text = JSON.stringify(Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1)));
    const before = seen.get(text);
    if (before !== undefined) throw new NetSpaceError('INVALID_OPTION', `sweep: expected runs that differ, got the same as run ${before + 1} and run ${i + 1}: ${JSON.stringify(changes)}; leave one out`); // prettier-ignore
    seen.set(text, i);
    return { name: nameOf(changes), changes };
  });
  const taken = new Set<string>();
  return named.map(({ name, changes }) => {
    let own = name;
    for (let times = 2; taken.has(own.toLowerCase()); times++) own = `${name}-${times}`; // long values may begin alike
    taken.add(own.toLowerCase()); // for file systems that take a and A for one
    return { name: own, changes };
  });
}

const nameOf = (changes: Readonly<Record<string, unknown>>): string => {
  const parts = Object.entries(changes).map(([key, value]) => `${key.split('.').at(-1)!}-${wordOf(value)}`);
  return parts.length === 0 ? 'config' : parts.join('_');
};

const wordOf = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/[^A-Za-z0-9.+-]+/g, '-').slice(0, LONGEST);

/** Keys of a config that have keys of their own, all of which some run replaces by one plain value. */
export function replacedWhole(config: Readonly<Record<string, unknown>>, runs: readonly SweepRun[]): readonly string[] {
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
  const keys = new Set(runs.flatMap(({ changes }) => Object.keys(changes).filter((key) => !isObject(changes[key]))));
  return [...keys].filter((key) => isObject(config[key]));
}

/**
 * A config with other values, by key or by path of keys.
 *
 * @throws NetSpaceError `INVALID_OPTION` for a path through something that has no keys
 */
export function changed(
  config: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.entries(changes).reduce((before, [key, value]) => put(before, key.split('.'), { key, value }), config);
}

function put(
  config: Readonly<Record<string, unknown>>,
  [first, ...rest]: readonly string[],
  change: { readonly key: string; readonly value: unknown },
): Readonly<Record<string, unknown>> {
  if (first === undefined || first === '' || first === '__proto__') {
    throw new NetSpaceError('INVALID_OPTION', `sweep: expected a key such as space.embeddingSize, got ${JSON.stringify(change.key)}`);
  }
  if (rest.length === 0) return { ...config, [first]: change.value };
  const inner = config[first] ?? {};
  if (typeof inner === 'object' && !Array.isArray(inner))
    return { ...config, [first]: put(inner as Readonly<Record<string, unknown>>, rest, change) };
  throw new NetSpaceError('INVALID_OPTION', `sweep: expected keys in ${first} for ${change.key}, got ${JSON.stringify(inner)} in the config; give ${first} as a whole`); // prettier-ignore
}
