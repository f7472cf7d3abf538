import type { RunRecord } from '../../runs/run-record.js';

interface Named {
  readonly name: string;
  readonly seed: number;
}

/**
 * Networks that a run did not train on, as far as it has left word; undefined if it has not. A run that is done names them; one that is not
 * has its config, by names and seeds.
 */
export function recordedHeldOut(record: Partial<RunRecord> | undefined, networks: readonly Named[]): ReadonlySet<string> | undefined {
  const named = asObject(record?.result)?.['heldOut'];
  const config = asObject(record?.config);
  if (Array.isArray(named)) return new Set(networks.filter(({ name }) => named.includes(name)).map(({ name }) => name));
  if (config === undefined) return undefined;
  const { names, seeds } = asObject(config['holdOut']) ?? {};
  const isHeldOut = ({ name, seed }: Named): boolean =>
    (Array.isArray(names) && names.includes(name)) || (Array.isArray(seeds) && seeds.includes(seed));
  return new Set(networks.filter(isHeldOut).map(({ name }) => name));
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
