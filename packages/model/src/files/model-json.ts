import { NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';
import type * as tf from '@tensorflow/tfjs-core';

/** Limits of the JSON of a saved space, checked before any file that it names is read. */
export const MODEL_JSON_LIMITS = { bytes: 2 ** 25, weightFiles: 1024 } as const;

/**
 * Reads the JSON of a saved space or model: `space.json`, `model.json`.
 *
 * @param where names the file in messages
 * @throws NetSpaceError `CORRUPT_FILE` if it is no JSON, holds no weights manifest, or names weights outside its folder or twice;
 *   `LIMIT_EXCEEDED` if it is larger, or names more files, than {@link MODEL_JSON_LIMITS}
 */
export function parseModelJson(caller: string, where: string, bytes: Uint8Array): tf.io.ModelJSON {
  if (bytes.byteLength > MODEL_JSON_LIMITS.bytes)
    throw exceeded(caller, `${where} of at most ${MODEL_JSON_LIMITS.bytes} bytes`, bytes.byteLength);
  const text = new TextDecoder().decode(bytes);
  if (/^\s*</.test(text)) throw corrupt(caller, `JSON in ${where}`, 'a web page; check the address');
  const value = parse(caller, where, text);
  if (!isModelJson(value)) throw corrupt(caller, `a weightsManifest in ${where}`, 'none; is it a saved space?');
  const paths = value.weightsManifest.flatMap((group) => group.paths);
  if (paths.length > MODEL_JSON_LIMITS.weightFiles) {
    throw exceeded(caller, `${where} to name at most ${MODEL_JSON_LIMITS.weightFiles} files`, paths.length);
  }
  const outside = paths.find((path) => path === '' || /^[\\/]|^[a-z][a-z0-9+.-]*:|\0|(^|[\\/])\.\.([\\/]|$)/i.test(path));
  if (outside !== undefined)
    throw corrupt(caller, `names of files beside ${where}`, `${JSON.stringify(outside.slice(0, 80))}; paths cannot leave the folder`);
  if (new Set(paths).size < paths.length)
    throw corrupt(caller, `each file of weights once in ${where}`, 'one of them twice; save the space again');
  return value;
}

function parse(caller: string, where: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new NetSpaceError('CORRUPT_FILE', `${caller}: expected JSON in ${where}, got something else; restore it from a copy`, {
      cause: error,
    });
  }
}

const isModelJson = (value: unknown): value is tf.io.ModelJSON =>
  typeof value === 'object' &&
  value !== null &&
  'weightsManifest' in value &&
  Array.isArray(value.weightsManifest) &&
  value.weightsManifest.every(
    (group: unknown) =>
      typeof group === 'object' &&
      group !== null &&
      'paths' in group &&
      Array.isArray(group.paths) &&
      group.paths.every((path) => typeof path === 'string') &&
      'weights' in group &&
      Array.isArray(group.weights),
  );

const corrupt = (caller: string, expected: string, got: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `${caller}: expected ${expected}, got ${got}`);

const exceeded = (caller: string, expected: string, got: number): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `${caller}: expected ${expected}, got ${got}; no space that NetSpace saves is like that`);
