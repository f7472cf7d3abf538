import type { Readable } from 'node:stream';

import { NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';

import { fileProblem } from '../../files/file-problem.js';
import { openRegularFile } from '../../files/read-regular-file.js';
import { ZOO_SOURCE_LIMITS } from '../found-network.js';

/**
 * The objects of a file with one JSON object a line, as Python writes them: NaN and infinities, which JSON does not have, are null.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if a line is no object, `LIMIT_EXCEEDED` beyond ZOO_SOURCE_LIMITS, `UNAVAILABLE` if it cannot be read
 */
export async function* jsonLines(path: string): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const source = await opened(path);
  let read = 0;
  let number = 0;
  let since = 0;
  const counted = async function* (): AsyncGenerator<string> {
    let rest = '';
    for await (const chunk of source as AsyncIterable<string>) {
      read += chunk.length;
      if (read > ZOO_SOURCE_LIMITS.tableBytes) throw exceeded(path, `${ZOO_SOURCE_LIMITS.tableBytes} bytes`);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      if (rest.length > ZOO_SOURCE_LIMITS.lineBytes) throw exceeded(path, `${ZOO_SOURCE_LIMITS.lineBytes} bytes in a line`);
      yield* lines;
    }
    if (rest !== '') yield rest;
  };
  try {
    for await (const line of counted()) {
      number++;
      if (line.trim() === '') continue;
      if (++since > ZOO_SOURCE_LIMITS.lines) throw exceeded(path, `${ZOO_SOURCE_LIMITS.lines} lines`);
      yield parsed(line, path, number);
    }
  } catch (error) {
    throw fileProblem('zoo import', path, error);
  } finally {
    source.destroy();
  }
}

async function opened(path: string): Promise<Readable> {
  try {
    return (await openRegularFile('zoo import', path)).file.createReadStream({ encoding: 'utf8' }); // closes the file
  } catch (error) {
    throw fileProblem('zoo import', path, error);
  }
}

function parsed(line: string, path: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value = parseJson(withoutNaN(line));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected a JSON object in line ${number} of ${path}, got something else`, {
      cause,
    });
  }
  throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected a JSON object in line ${number} of ${path}, got another value`);
}

/** Python's `NaN`, `Infinity` and `-Infinity` outside texts, as null. A text without an end goes to the end, so that none is looked at twice. */
export const withoutNaN = (text: string): string =>
  text.replaceAll(/"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?\b(?:NaN|Infinity)\b/g, (part) => (part.startsWith('"') ? part : 'null'));

const exceeded = (path: string, limit: string): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `zoo import: expected at most ${limit} in ${path}, got more; split the file`);
