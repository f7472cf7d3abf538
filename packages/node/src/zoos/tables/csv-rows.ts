import { pipeline, type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { NetSpaceError } from '@netspace/prep';
import { CsvError, parse } from 'csv-parse';

import { fileProblem } from '../../files/file-problem.js';
import { openRegularFile } from '../../files/read-regular-file.js';
import { ZOO_SOURCE_LIMITS } from '../found-network.js';

/**
 * The rows of a CSV file with a line of names, one after the other; the file may be packed by gzip.
 *
 * @param onNames told the names in the file's order, which a row does not keep if a name is a number
 * @throws NetSpaceError `CORRUPT_FILE` if it is no table or has a column twice, `LIMIT_EXCEEDED` beyond ZOO_SOURCE_LIMITS, `UNAVAILABLE` if it cannot be read
 */
export async function* csvRows(
  path: string,
  caller = 'zoo import',
  onNames: (names: readonly string[]) => void = () => undefined,
): AsyncGenerator<Readonly<Record<string, string>>> {
  const { lineBytes, lines, columns: mostColumns } = ZOO_SOURCE_LIMITS;
  const header: { columns: number; names: readonly string[]; twice?: string | undefined } = { columns: 0, names: [] };
  const rows = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    max_record_size: lineBytes,
    columns: (names: string[]) => {
      header.columns = names.length;
      header.names = names;
      header.twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
      return names.length > mostColumns ? names.slice(0, 1) : names;
    },
  });
  const { source, isGzip } = await opened(path, caller);
  const done = (): void => undefined; // errors come to who reads the rows
  if (isGzip) pipeline(source, createGunzip(), bounded(path, caller), rows, done);
  else pipeline(source, bounded(path, caller), rows, done);
  let count = 0;
  try {
    for await (const row of rows as AsyncIterable<Record<string, string>>) {
      if (header.columns > mostColumns) throw exceeded(caller, path, `${mostColumns} columns`);
      if (header.twice !== undefined) {
        throw new NetSpaceError(
          'CORRUPT_FILE',
          `${caller}: expected each column once in ${path}, got ${header.twice.slice(0, 100)} twice; ${isNumeric(header.names) ? 'write a line of names before the rows' : 'remove one'}`,
        );
      }
      if (count === 0) onNames(header.names);
      if (++count > lines) throw exceeded(caller, path, `${lines} lines`);
      yield row;
    }
  } catch (error) {
    throw problemOf(path, error, caller);
  } finally {
    source.destroy();
  }
}

/** Whether a line holds numbers alone, as the first row of a table without names does. */
export const isNumeric = (line: readonly string[]): boolean => line.every((text) => text !== '' && Number.isFinite(Number(text)));

async function opened(path: string, caller: string): Promise<{ readonly source: Readable; readonly isGzip: boolean }> {
  try {
    const { file } = await openRegularFile(caller, path);
    const source = file.createReadStream({ start: 0 }); // closes the file
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return { source, isGzip: bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b };
  } catch (error) {
    throw fileProblem(caller, path, error);
  }
}

/** A gzip of kilobytes may unpack to gigabytes. */
function bounded(path: string, caller: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > ZOO_SOURCE_LIMITS.tableBytes) done(exceeded(caller, path, `${ZOO_SOURCE_LIMITS.tableBytes} bytes`));
      else done(null, chunk);
    },
  });
}

const exceeded = (caller: string, path: string, limit: string): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `${caller}: expected at most ${limit} in ${path}, got more; split the table`);

function problemOf(path: string, error: unknown, caller: string): unknown {
  if (error instanceof CsvError || (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) {
    return new NetSpaceError('CORRUPT_FILE', `${caller}: expected a table of comma-separated values in ${path}, got ${error.message}`, {
      cause: error,
    });
  }
  return fileProblem(caller, path, error);
}
