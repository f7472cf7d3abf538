import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { extractZipEntry, listZip, type ZipEntry } from './zip-reader.js';

/** The files for building and linking the addon. The rest of a wheel (Python code, Keras, …) is left out. */
const WANTED = [
  /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/,
  /^tensorflow\/include\/(tensorflow\/c|tensorflow\/core\/platform|tsl|xla\/tsl)\/.+\.(h|inc|def)$/,
];
const LIBRARIES = 2;

/** The content that was extracted from a wheel. */
interface WheelContent {
  /** TensorFlow's version. */
  readonly version: string;
  /** The wheel's `Requires-Dist` lines. */
  readonly requirements: readonly string[];
}

/**
 * Extracts TensorFlow's library and headers from a wheel, checking each file against the SHA-256 in the wheel's RECORD.
 *
 * @param directory receives `tensorflow/libtensorflow_cc.so.2`, `tensorflow/include/…`
 * @throws NetSpaceError `CORRUPT_FILE` if a file is missing or has another hash
 */
export async function extractTensorFlow(
  wheel: string,
  directory: string,
  { onFile = () => undefined }: { readonly onFile?: (name: string, fraction: number) => void } = {},
): Promise<WheelContent> {
  const entries = await listZip(wheel);
  const record = await readText(wheel, entries, /^[^/]+\.dist-info\/RECORD$/, directory);
  const metadata = await readText(wheel, entries, /^[^/]+\.dist-info\/METADATA$/, directory);
  const hashes = parseRecord(record);
  const wanted = entries.filter(({ name }) => WANTED.some((pattern) => pattern.test(name)) && !name.split('/').includes('..'));
  if (wanted.filter(({ name }) => WANTED[0]!.test(name)).length !== LIBRARIES) {
    throw corrupt(wheel, 'libtensorflow_cc.so.2 and libtensorflow_framework.so.2 in it, got others');
  }
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const entry of wanted) {
    onFile(entry.name, done / total);
    const target = join(directory, entry.name);
    await mkdir(dirname(target), { recursive: true });
    const hash = (await extractZipEntry(wheel, entry, target)).toString('base64url');
    if (hash !== hashes.get(entry.name))
      throw corrupt(wheel, `the SHA-256 ${hashes.get(entry.name) ?? 'of RECORD'} for ${entry.name}, got ${hash}`);
    done += entry.size;
  }
  return {
    version: /^Version: (.+)$/m.exec(metadata)?.[1]?.trim() ?? 'unknown',
    requirements: [...metadata.matchAll(/^Requires-Dist: (.+)$/gm)].map(([, requirement]) => requirement!.trim()),
  };
}

/** RECORD's lines `path,sha256=HASH,size` as path → hash (base64url). */
export const parseRecord = (record: string): ReadonlyMap<string, string> =>
  new Map([...record.matchAll(/^([^,\n]+),sha256=([\w-]+),\d*\r?$/gm)].map(([, path, hash]) => [path!, hash!]));

async function readText(wheel: string, entries: readonly ZipEntry[], pattern: RegExp, directory: string): Promise<string> {
  const entry = entries.find(({ name }) => pattern.test(name));
  if (entry === undefined || entry.size > 64 * 2 ** 20) throw corrupt(wheel, `a file like ${pattern.source}, got none`);
  const target = join(directory, 'wheel-text');
  await mkdir(directory, { recursive: true });
  await extractZipEntry(wheel, entry, target);
  try {
    return await readFile(target, 'utf8');
  } finally {
    await rm(target);
  }
}

const corrupt = (wheel: string, expected: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `installNativeRuntime: ${wheel}: expected ${expected}; run it again to repeat the download`);
