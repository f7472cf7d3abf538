import { NetSpaceError } from '@netspace/prep';
import { type Option, parseJson as parse, parseOptions, type UsedBy } from '@netspace/prep/internal';

import { fileProblem, isMissing } from '../files/file-problem.js';
import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';

/**
 * Reads a JSON config file and checks it.
 *
 * @param changes put over the file's keys before checking, such as options of the command line
 * @throws NetSpaceError `NOT_FOUND` if there is no such file, `INVALID_OPTION` if it is no JSON or a key is wrong, naming it
 */
export async function readConfigFile<T extends Option<unknown>>(
  path: string,
  schema: T,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<UsedBy<T>> {
  const value = parseJson(path, await read(path));
  const merged: unknown = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, ...changes } : value;
  return parseOptions(path, schema, merged);
}

async function read(path: string): Promise<string> {
  try {
    return (await readRegularFile('readConfigFile', path, FILE_LIMITS.json)).toString('utf8');
  } catch (error) {
    if (!isMissing(error)) throw fileProblem('readConfigFile', path, error);
    throw new NetSpaceError('NOT_FOUND', `readConfigFile: expected a JSON file at ${path}, got no such file; check the path`, {
      cause: error,
    });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, '')); // some editors begin a file with this mark
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NetSpaceError('INVALID_OPTION', `readConfigFile: expected JSON in ${path}, got: ${reason}`, { cause: error });
  }
}
