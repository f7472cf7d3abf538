import type { RawTensor } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';

import { csvRows, isNumeric } from '../zoos/tables/csv-rows.js';

/** Most numbers of a table; each takes 8 bytes. */
export const TABLE_LIMITS = { numbers: 2 ** 27 } as const;

/**
 * The columns of a CSV file with a line of names, each a tensor `[rows]`. Columns that hold anything but finite numbers are left out, and told
 * with the first such text, in case somebody wants them.
 *
 * @throws NetSpaceError `CORRUPT_FILE` for a file without rows or without names, `LIMIT_EXCEEDED` beyond {@link TABLE_LIMITS}; as `csvRows`
 */
export async function csvTensors(
  caller: string,
  path: string,
): Promise<{ readonly tensors: ReadonlyMap<string, RawTensor>; readonly noNumbers: ReadonlyMap<string, string> }> {
  const columns = new Map<string, number[]>();
  const noNumbers = new Map<string, string>();
  let rows = 0;
  const start = (names: readonly string[]): void => {
    checkNames(caller, path, names);
    for (const name of names) columns.set(name, []);
  };
  for await (const row of csvRows(path, caller, start)) {
    rows++;
    if (rows * columns.size > TABLE_LIMITS.numbers) {
      throw new NetSpaceError('LIMIT_EXCEEDED', `${caller}: expected at most ${TABLE_LIMITS.numbers} numbers in ${path}, got more; save an .npz file`); // prettier-ignore
    }
    for (const [name, text] of Object.entries(row)) {
      const value = text === '' ? NaN : Number(text);
      columns.get(name)?.push(value);
      if (!Number.isFinite(value) && !noNumbers.has(name)) noNumbers.set(name, `${JSON.stringify(text.slice(0, 40))} in row ${rows}`);
    }
  }
  if (rows === 0)
    throw new NetSpaceError('CORRUPT_FILE', `${caller}: expected a line of names and rows in ${path}, got no row; check the path`);
  const numeric = [...columns].filter(([name]) => !noNumbers.has(name));
  return {
    tensors: new Map(numeric.map(([name, values]) => [name, { dtype: 'F64', shape: [values.length], data: Float64Array.from(values) }])),
    noNumbers,
  };
}

/** The names of the columns, in the file's order; none for a file without rows. */
export async function csvNames(caller: string, path: string): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for await (const _ of csvRows(path, caller, (names) => (found = names))) break;
  return found;
}

/** Refuses a first row of numbers, which would be lost as names, and separators that are no commas. */
function checkNames(caller: string, path: string, names: readonly string[]): void {
  const [first = ''] = names;
  if (names.length === 1 && /[;\t]/.test(first)) {
    throw new NetSpaceError('CORRUPT_FILE', `${caller}: expected commas between the columns of ${path}, got ${JSON.stringify(first.slice(0, 60))}; save it with commas, and points in numbers`); // prettier-ignore
  }
  const counts = names.length > 2 && names.every((name, i) => name === String(i)); // as pandas names columns
  if (!isNumeric(names) || counts) return;
  throw new NetSpaceError('CORRUPT_FILE', `${caller}: expected a line of names in ${path}, got the numbers ${names.slice(0, 4).join(', ').slice(0, 60)}; write names before the rows`); // prettier-ignore
}
