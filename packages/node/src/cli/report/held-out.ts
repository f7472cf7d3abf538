import type { RunRecord } from '../../runs/run-record.js';
import { recordedHeldOut } from '../files/recorded-held-out.js';
import { counted } from '../output/counted.js';

/** Which networks a space was never trained on, as far as its run has left word. */
export interface HeldOut {
  readonly names: ReadonlySet<string>;
  /** What a table says of a network: whether it was held out, if that is known. */
  readonly mark: (name: string) => 'yes' | 'no' | '–';
  /** The rows of networks that were held out, then all others; each in its order. */
  readonly first: <Row extends { readonly name: string }>(rows: readonly Row[]) => readonly Row[];
  /** For the reader: what the figures are of. */
  readonly words: string;
}

/** Says which of the networks were held out. Without a record nobody may take the figures for those of networks that are new to the space. */
export function heldOut(
  record: Partial<RunRecord> | undefined,
  networks: readonly { readonly name: string; readonly seed: number }[],
): HeldOut {
  const names = recordedHeldOut(record, networks);
  if (names === undefined) {
    return {
      names: new Set(),
      mark: () => '–',
      first: (rows) => rows,
      words:
        'Whether the space was trained on these networks is not recorded. Figures of networks that it knows are better than those of new ones.',
    };
  }
  const others = networks.length - names.size;
  return {
    names,
    mark: (name) => (names.has(name) ? 'yes' : 'no'),
    first: (rows) => [...rows.filter(({ name }) => names.has(name)), ...rows.filter(({ name }) => !names.has(name))],
    words:
      names.size > 0
        ? `The figures at the top are of ${counted(names.size, 'network')} that ${names.size === 1 ? 'was' : 'were'} held out: the space was not trained on ${names.size === 1 ? 'it' : 'them'}.${others > 0 ? ` Of the other ${others} there are only rows in the table.` : ''}`
        : 'By its config the space was trained on all of these networks, or on none of them. Figures of networks that it knows are better than those of new ones: hold some out (holdOut in the config).',
  };
}
