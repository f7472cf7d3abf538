import type { RunRecord } from '../../runs/run-record.js';

interface Named {
  readonly name: string;
  readonly seed: number;
}

/** Which networks a space was never trained on, as far as its run has left word. */
export interface HeldOut {
  readonly names: ReadonlySet<string>;
  /** What a table says of a network: whether it was held out, if that is known. */
  readonly mark: (name: string) => 'yes' | 'no' | '–';
  /** For the reader: what the figures are of. */
  readonly words: string;
}

/**
 * Reads the held-out networks off the run's config.
 *
 * A run without a record, or with one that is not as this version writes it, has left no word: nobody may take its figures for those of
 * networks that are new to the space.
 */
export function heldOut(record: Partial<RunRecord> | undefined, networks: readonly Named[]): HeldOut {
  const config = asObject(record?.config);
  if (config === undefined) {
    return {
      names: new Set(),
      mark: () => '–',
      words:
        'Whether the space was trained on these networks is not recorded. Figures of networks that it knows are better than those of new ones.',
    };
  }
  const { names: given, seeds } = asObject(config['holdOut']) ?? {};
  const isHeldOut = ({ name, seed }: Named): boolean =>
    (Array.isArray(given) && given.includes(name)) || (Array.isArray(seeds) && seeds.includes(seed));
  const held = networks.filter(isHeldOut).map(({ name }) => name);
  const names = new Set(held);
  return {
    names,
    mark: (name) => (names.has(name) ? 'yes' : 'no'),
    words:
      held.length > 0
        ? `The figures are of the ${held.length} networks that were held out: the space was not trained on them. The other ${networks.length - held.length} stand in the table only.`
        : 'By its config the space was trained on all of these networks, or on none of them. Figures of networks that it knows are better than those of new ones: hold some out (holdOut in the config).',
  };
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
