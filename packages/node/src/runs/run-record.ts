import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';
import { currentVersions } from '@netspace/train/internal';

import { fileProblem, isMissing } from '../files/file-problem.js';
import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';
import { writeAtomically } from '../files/write-atomically.js';
import type { SelectedRuntime } from '../runtime/select-runtime.js';

/** What a run leaves in addition to its results: how to get them again. */
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

/** Ends a run: writes its state, and what came of it. */
export type FinishRun = (state: 'stopped' | 'done', result?: unknown) => Promise<void>;

const RECORD_FILE = 'run.json';

/**
 * Keeps `run.json` in a folder: written when the run starts, and again when it ends.
 *
 * @returns what to call at the end
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { readRunRecord, selectRuntime, startRunRecord } from '@netspace/node';
 *
 * const folder = await mkdtemp(join(tmpdir(), 'run-'));
 * const runtime = await selectRuntime({ prefer: 'cpu' });
 * const finish = await startRunRecord(folder, { command: 'my-run', config: { steps: 10 }, seed: 0, runtime });
 * await finish('done', { loss: 0.1 });
 * console.log((await readRunRecord(folder))?.result); // { loss: 0.1 }
 * ```
 */
export async function startRunRecord(
  folder: string,
  { runtime, ...given }: Pick<RunRecord, 'command' | 'config' | 'seed'> & { readonly runtime: SelectedRuntime },
): Promise<FinishRun> {
  const begun = performance.now();
  const { name, device, version } = runtime;
  const record = { ...given, versions: currentVersions(), runtime: { name, device, version } };
  const write = (more: Partial<RunRecord>) =>
    writeAtomically(join(folder, RECORD_FILE), `${JSON.stringify({ ...record, ...more }, undefined, 2)}\n`);
  await write({ state: 'running' });
  return (state, result) =>
    write({ state, seconds: Math.round(performance.now() - begun) / 1000, ...(result !== undefined && { result }) });
}

/**
 * What `run.json` in a folder says; undefined if there is none.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if its `run.json` is no JSON
 * @example
 * ```ts
 * import { readRunRecord } from '@netspace/node';
 *
 * const record = await readRunRecord('out/no-such-run');
 * console.log(record?.state ?? 'no run there'); // no run there
 * ```
 */
export async function readRunRecord(folder: string): Promise<Partial<RunRecord> | undefined> {
  const path = join(folder, RECORD_FILE);
  try {
    const record: unknown = parseJson((await readRegularFile('readRunRecord', path, FILE_LIMITS.json)).toString('utf8'));
    return typeof record === 'object' && record !== null ? record : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (error instanceof SyntaxError) {
      throw new NetSpaceError('CORRUPT_FILE', `readRunRecord: expected JSON in ${path}, got something else; remove the file to start anew`);
    }
    throw fileProblem('readRunRecord', path, error);
  }
}
