import type { RunRecord } from '../../runs/run-record.js';

interface Named {
  readonly name: string;
  readonly seed: number;
  /** Of its weights, as the zoo has it. */
  readonly sha256?: string;
}

/**
 * Networks that a run did not train on, as far as it has left word; undefined if it has not. A run that is done names them; one that is not
 * has its config, by names and seeds. A network of the name of one that was held out, with other weights, is another: see {@link strangersHeldOut}.
 */
export function recordedHeldOut(record: Partial<RunRecord> | undefined, networks: readonly Named[]): ReadonlySet<string> | undefined {
  const named = asObject(record?.result)?.['heldOut'];
  const config = asObject(record?.config);
  if (Array.isArray(named)) {
    const strangers = new Set(strangersHeldOut(record, networks));
    return new Set(networks.flatMap(({ name }) => (named.includes(name) && !strangers.has(name) ? [name] : [])));
  }
  if (config === undefined) return undefined;
  const { names, seeds } = asObject(config['holdOut']) ?? {};
  const isHeldOut = ({ name, seed }: Named): boolean =>
    (Array.isArray(names) && names.includes(name)) || (Array.isArray(seeds) && seeds.includes(seed));
  return new Set(networks.filter(isHeldOut).map(({ name }) => name));
}

/**
 * Networks that have the name of one that a run held out, and other weights: of another zoo, or changed since. What the run knew of them is not recorded.
 */
export function strangersHeldOut(record: Partial<RunRecord> | undefined, networks: readonly Named[]): readonly string[] {
  const known = asObject(asObject(record?.result)?.['heldOutSha256']) ?? {};
  return networks.flatMap(({ name, sha256 }) => (sha256 !== undefined && typeof known[name] === 'string' && known[name] !== sha256 ? [name] : [])); // prettier-ignore
}

/** What to tell of {@link strangersHeldOut}; nothing if there are none. */
export const strangersNote = (names: readonly string[], zoo: string): string | undefined =>
  names.length === 0
    ? undefined
    : `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''} of ${zoo} ${names.length === 1 ? 'has the name of a network that was held out, and other weights: it counts' : 'have names of networks that were held out, and other weights: they count'} as known to the space`;

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
