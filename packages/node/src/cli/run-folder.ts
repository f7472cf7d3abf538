import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { currentVersions } from '@netspace/train/internal';
import { isMissing } from '../files/file-problem.js';
import { writeAtomically } from '../files/write-atomically.js';
import type { SelectedRuntime } from '../runtime/select-runtime.js';

/** What a run leaves beside its results: how to get them again. */
export interface RunRecord {
  readonly command: string;
  readonly config: unknown;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly runtime: { readonly name: string; readonly device: string; readonly version: string };
  readonly state: 'running' | 'stopped' | 'done';
  /** Wall-clock time of this session, in seconds. */
  readonly seconds?: number;
  readonly result?: unknown;
}

/**
 * Keeps `run.json` in a folder: written when the run starts, and again when it ends.
 *
 * @returns what to call at the end
 */
export async function startRunRecord(
  folder: string,
  { runtime, ...given }: Pick<RunRecord, 'command' | 'config' | 'seed'> & { readonly runtime: SelectedRuntime },
): Promise<(state: 'stopped' | 'done', result?: unknown) => Promise<void>> {
  const begun = performance.now();
  const { name, device, version } = runtime;
  const record = { ...given, versions: currentVersions(), runtime: { name, device, version } };
  const write = (more: Partial<RunRecord>) =>
    writeAtomically(join(folder, 'run.json'), `${JSON.stringify({ ...record, ...more }, undefined, 2)}\n`);
  await write({ state: 'running' });
  return (state, result) =>
    write({ state, seconds: Math.round(performance.now() - begun) / 1000, ...(result !== undefined && { result }) });
}

/**
 * The config of the run that a folder holds; undefined if it holds none.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if its `run.json` is no JSON
 */
export async function readRunConfig(folder: string): Promise<unknown> {
  const path = join(folder, 'run.json');
  try {
    const record: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof record === 'object' && record !== null && 'config' in record ? record.config : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (error instanceof SyntaxError)
      throw new NetSpaceError('CORRUPT_FILE', `readRunConfig: expected JSON in ${path}, got something else`);
    throw error;
  }
}
