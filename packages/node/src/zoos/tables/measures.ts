import { NetSpaceError } from '@netspace/prep';

import { csvRows } from './csv-rows.js';
import { finiteOnly, ZOO_SOURCE_LIMITS } from '../found-network.js';
import { jsonLines } from './json-lines.js';

/** What a table says of a network. */
export interface Measures {
  readonly epochs?: number | undefined;
  readonly seed?: number | undefined;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A table whose lines say of which networks they are. */
export interface MeasuresTable {
  /**
   * The measures of a network, which the table may know by any of some names.
   *
   * @throws NetSpaceError `CORRUPT_FILE` if it knows several of them
   */
  of(names: readonly string[]): Measures | undefined;
  /** Names of the lines that were of no network so far. */
  unused(): readonly string[];
}

/** Columns that name the network of a line. */
const KEYS = ['name', 'file', 'path'];

/**
 * Reads a table of measures, CSV or JSON lines, whose lines name their networks in a column `name`, `file` or `path`. Numbers are metrics, but
 * for `epochs` and `seed`; words are passed over.
 *
 * @throws NetSpaceError `NOT_FOUND` if no column names networks, `CORRUPT_FILE` if a network has two lines, or a number that is none
 */
export async function readMeasures(path: string): Promise<MeasuresTable> {
  const table = new Map<string, Measures>();
  const used = new Set<string>();
  const isCsv = /\.csv(\.gz)?$/i.test(path);
  for await (const row of isCsv ? csvRows(path) : jsonLines(path)) {
    const key = KEYS.find((one) => typeof row[one] === 'string');
    const name = key === undefined ? undefined : row[key];
    if (key === undefined || typeof name !== 'string') {
      throw new NetSpaceError('NOT_FOUND', `zoo import: expected one of ${KEYS.join(', ')} in each line of ${path}, got ${Object.keys(row).slice(0, 10).join(', ')}; it says of which network the line is`); // prettier-ignore
    }
    if (table.has(name)) throw twoLines(path, name);
    if (table.size >= ZOO_SOURCE_LIMITS.lines) throw new NetSpaceError('LIMIT_EXCEEDED', `zoo import: expected at most ${ZOO_SOURCE_LIMITS.lines} lines in ${path}, got more; split the table`); // prettier-ignore
    refuseMistaken(row, path, name);
    table.set(name, measuresOf(row, key));
  }
  return {
    of(names) {
      const found = [...new Set(names)].filter((name) => table.has(name));
      if (found.length > 1) throw twoLines(path, found.join(' and '));
      for (const name of found) used.add(name);
      return found.length === 0 ? undefined : table.get(found[0]!);
    },
    unused: () => [...table.keys()].filter((name) => !used.has(name)),
  };
}

/** What an import says of a table beside the networks that it found; refuses a table that knows none of them. */
export function remarksOn(
  table: MeasuresTable,
  path: string,
  { networks, without, examples, source }: { networks: number; without: number; examples: readonly string[]; source: string },
): readonly string[] {
  if (without === networks) {
    throw new NetSpaceError('NOT_FOUND', `zoo import: expected ${path} to name networks of ${source}, such as ${examples.join(' or ')}, got none of them`); // prettier-ignore
  }
  const unused = table.unused();
  return [
    ...(without > 0 ? [`${without} of ${networks} networks are not in ${path}: they have no measures`] : []),
    ...(unused.length > 0
      ? [`${unused.length} lines of ${path} are of no network that was found, such as ${unused[0]!.slice(0, 100)}`]
      : []),
  ];
}

const twoLines = (path: string, name: string): NetSpaceError =>
  new NetSpaceError(
    'CORRUPT_FILE',
    `zoo import: expected one line for each network in ${path}, got two for ${name.slice(0, 200)}; remove one`,
  );

/** Refuses what was meant as a number and is none, or none that it can be: left out, it would be 0 or missing without a word. */
function refuseMistaken(row: Readonly<Record<string, unknown>>, path: string, network: string): void {
  for (const [column, value] of Object.entries(row)) {
    if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) continue;
    const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN; // of JSON lines also lists and objects
    const expected =
      column === 'epochs' && !(Number.isFinite(number) && number >= 0)
        ? 'a number from 0'
        : column === 'seed' && !(Number.isSafeInteger(number) && number >= 0)
          ? 'a whole number from 0'
          : typeof value === 'string' && PERCENT_OR_COMMA.test(value.trim())
            ? 'a number such as 0.95'
            : undefined;
    if (expected === undefined) continue;
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `zoo import: expected ${expected} as ${column} of ${network.slice(0, 100)} in ${path}, got ${JSON.stringify(value).slice(0, 40)}; correct it, or leave it empty`,
    );
  }
}

/** Numbers as people write them, and programs do not read them: `95 %`, `0,95`. */
const PERCENT_OR_COMMA = /^[-+]?\d+(?:[.,]\d+)?\s*%$|^[-+]?\d+,\d+$/;

function measuresOf(row: Readonly<Record<string, unknown>>, key: string): Measures {
  const numbers = finiteOnly(
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === 'string' && value.trim() !== '' ? Number(value) : value]),
    ),
  );
  const { epochs, seed, [key]: _, ...metrics } = numbers; // refused above if they are not what a store takes
  return { epochs, seed, metrics };
}
