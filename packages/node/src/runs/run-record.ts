import type { Precision } from '@netspace/kernels';
import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, optional, parseJson, parseOptions, seed } from '@netspace/prep/internal';
import { currentVersions } from '@netspace/train/internal';

import { filesAt, readAt } from '../files/files-at.js';
import { isGone, lockOwner } from '../files/lock-owner.js';
import { FILE_LIMITS } from '../files/read-regular-file.js';
import { command, config, configFile, runtime } from './option-kinds.js';

/** The record that a run leaves with its results: how to get them again. */
export interface RunRecord {
  readonly command: string;
  readonly config: unknown;
  readonly seed: number;
  /** The config file, as the command was told, if there is one. */
  readonly file?: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly runtime: {
    readonly name: string;
    readonly device: string;
    readonly version: string;
    /** What large products and convolutions multiplied; left out for float32. */
    readonly precision?: Precision;
  };
  /** `failed`: it threw an error. `died`: it should be running, but its process is gone. */
  readonly state: 'running' | 'stopped' | 'failed' | 'done' | 'died';
  /** Machine and process that run it. */
  readonly process?: string;
  /** Wall-clock time of this session, in seconds. */
  readonly seconds?: number;
  readonly result?: unknown;
}

/** See {@link StartRunRecordOptions}. */
export const startRunRecordOptions = objectOf({ command, config, file: optional(configFile), seed, runtime });

/** Options of {@link startRunRecord}. */
export interface StartRunRecordOptions extends GivenBy<typeof startRunRecordOptions> {}

/** Ends a run: writes its state and its result. */
export type FinishRun = (state: 'stopped' | 'failed' | 'done', result?: unknown) => Promise<void>;

const RECORD_FILE = 'run.json';

/**
 * Keeps `run.json` in a folder: written when the run starts, and again when it ends.
 *
 * @returns a function to call at the end
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or wrong, `UNAVAILABLE` if the folder cannot be written
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
export async function startRunRecord(folder: string, options: StartRunRecordOptions): Promise<FinishRun> {
  const { runtime, ...given } = parseOptions('startRunRecord', startRunRecordOptions, options);
  const begun = performance.now();
  const { name, device, version, precision } = runtime;
  const used = { name, device, version, ...(precision === 'bfloat16' && { precision }) };
  const record = { ...given, process: await lockOwner(), versions: currentVersions(), runtime: used };
  const write = (more: Partial<RunRecord>) =>
    filesAt(folder).write(RECORD_FILE, new TextEncoder().encode(`${JSON.stringify({ ...record, ...more }, undefined, 2)}\n`));
  await write({ state: 'running' });
  return (state, result) =>
    write({ state, seconds: Math.round(performance.now() - begun) / 1000, ...(result !== undefined && { result }) });
}

/**
 * Ends the record of a run that threw: `stopped` if its signal did it, else `failed` with the error. If the record cannot be written, this
 * is ignored.
 */
export async function finishAfter(finish: FinishRun | undefined, error: unknown, result: object): Promise<void> {
  const code = isNetSpaceError(error) ? error.code : 'UNEXPECTED';
  const failure = { error: { code, message: error instanceof Error ? error.message : String(error) } };
  const written = code === 'ABORTED' ? finish?.('stopped', result) : finish?.('failed', { ...result, ...failure });
  await written?.catch(() => undefined); // the present error is the one to report
}

/**
 * The content of `run.json` in a folder; undefined if there is none. A run that did not end and whose process of this machine is gone has
 * the state `died`.
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
  try {
    const bytes = await readAt('readRunRecord', folder, RECORD_FILE, FILE_LIMITS.json);
    if (bytes === undefined) return undefined;
    const record: unknown = parseJson(new TextDecoder().decode(bytes));
    if (typeof record !== 'object' || record === null) return undefined;
    return (await hasDied(record)) ? { ...record, state: 'died' } : record;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `readRunRecord: expected JSON in ${folder}/${RECORD_FILE}, got something else; remove the file to start from the beginning`,
    );
  }
}

const hasDied = async ({ state, process }: Partial<RunRecord>): Promise<boolean> =>
  state === 'running' && typeof process === 'string' && isGone(process);
