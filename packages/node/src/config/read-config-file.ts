import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { type Option, parseJson as parse, parseOptions, type UsedBy } from '@netspace/prep/internal';
import stripJsonComments from 'strip-json-comments';

import type { Called } from '../cli/called.js';
import { fileProblem, isMissing } from '../files/file-problem.js';
import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';

/** How to read a config file. */
export interface ReadConfigOptions extends Called {
  /** Values that replace keys of the file before checking, such as options of the command line. */
  readonly changes?: Readonly<Record<string, unknown>>;
  /** An example for the message if a key is missing; a function gets the keys that are given, to choose one of their kind. */
  readonly example: ConfigExample | ((given: Readonly<Record<string, unknown>>) => ConfigExample);
}

/** The shortest config that works, and the command that writes one, without its first word. */
export interface ConfigExample {
  readonly config: string;
  readonly command: string;
}

/**
 * Reads a JSON config file and checks it. Comments (`//` and block comments) and a comma after the last entry are allowed. A `$schema`,
 * which is for editors, is left out.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is no such file, `INVALID_OPTION` if it is no JSON or a key is wrong, naming it
 */
export async function readConfigFile<T extends Option<unknown>>(
  path: string,
  schema: T,
  { changes = {}, example, netspace = 'netspace' }: ReadConfigOptions,
): Promise<UsedBy<T>> {
  const value = parseJson(path, await read(path));
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const { $schema: _, ...keys } = isObject ? (value as Readonly<Record<string, unknown>>) : {};
  try {
    return parseOptions(path, schema, isObject ? { ...keys, ...changes } : value);
  } catch (error) {
    if (!isNetSpaceError(error) || !error.message.includes('got nothing')) throw error;
    const { config, command } = typeof example === 'function' ? example(keys) : example;
    throw new NetSpaceError(error.code, `${error.message}; for example: ${config}; ${netspace} ${command} writes one with comments`, {
      cause: error,
    });
  }
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
    // Some editors begin a file with this mark. Comments become blanks, so that places in messages stay right.
    return parse(stripJsonComments(text.replace(/^\uFEFF/, ''), { trailingCommas: true }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NetSpaceError('INVALID_OPTION', `readConfigFile: expected JSON in ${path}, got: ${reason}`, { cause: error });
  }
}
