import type { RawTensor } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';

import { csvRows } from '../zoos/csv-rows.js';

/** Most numbers of a table; each takes 8 bytes. */
export const TABLE_LIMITS = { numbers: 2 ** 27 } as const;

/**
 * The columns of a CSV file with a line of names, each a tensor `[rows]`. Columns that hold anything but finite numbers are left out, and told
 * with the first such text, in case somebody wants them.
 *
 * @throws NetSpaceError `CORRUPT_FILE` for a file without rows, `LIMIT_EXCEEDED` beyond {@link TABLE_LIMITS}; as `csvRows`
 */
export async function csvTensors(
  caller: string,
  path: string,
): Promise<{ readonly tensors: ReadonlyMap<string, RawTensor>; readonly noNumbers: ReadonlyMap<string, string> }> {
  const columns = new Map<string, number[]>();
  const noNumbers = new Map<string, string>();
  let rows = 0;
  for await (const row of csvRows(path, caller)) {
    const entries = Object.entries(row);
    if (rows === 0) for (const [name] of entries) columns.set(name, []);
    rows++;
    if (rows * columns.size > TABLE_LIMITS.numbers) {
      throw new NetSpaceError('LIMIT_EXCEEDED', `${caller}: expected at most ${TABLE_LIMITS.numbers} numbers in ${path}, got more; save an .npz file`); // prettier-ignore
    }
    for (const [name, text] of entries) {
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
