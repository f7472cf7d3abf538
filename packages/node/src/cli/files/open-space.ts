import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { NetSpace } from '@netspace/model';
import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { architecturesIn } from '../../architectures/architectures-in.js';
import { fileHandler } from '../../files/file-handler.js';
import { isLocked } from '../../files/folder-lock.js';
import { readRunRecord, type RunRecord } from '../../runs/run-record.js';
import { TRAINING_LOCK } from '../../runs/train-in-folder.js';
import type { Called } from '../called.js';
import type { CommandContext } from '../command-context.js';
import { commandLine } from '../training/way-on.js';

/**
 * Loads the space in a folder; its architectures are found by their zoo names, or by their graphs in the folder. Says so if the run in the folder has not ended well: its space
 * is then that of an earlier run, or there is none.
 *
 * @param zoos folders of zoos that go with it: a space that a program has saved has no graphs, the zoo may have them
 * @throws NetSpaceError `NOT_FOUND` if there is no space, telling what became of the run that was to leave one
 */
export async function openSpace(
  folder: string,
  context: Pick<CommandContext, 'note'> & Called,
  zoos: readonly string[] = [],
): Promise<NetSpace> {
  const record = await readRunRecord(folder).catch(() => undefined); // a space is a space, whatever lies beside it
  const run = record === undefined ? undefined : await unfinishedRun(folder, record, context);
  const [unfinished, wayOn] = [run?.what, run?.wayOn];
  const find = await architecturesIn(folder, ...zoos);
  const space = await NetSpace.load(fileHandler(folder), { architectures: (name) => find(name) }).catch((error: unknown) => {
    if (!isNetSpaceError(error) || error.code !== 'NOT_FOUND') throw error;
    if (unfinished === undefined && existsSync(join(folder, 'space', 'space.json'))) {
      throw new NetSpaceError('NOT_FOUND', `openSpace: expected a saved space in ${folder}, got a folder of export, whose space is ${join(folder, 'space')}; name that`); // prettier-ignore
    }
    if (unfinished === undefined) throw error;
    throw new NetSpaceError('NOT_FOUND', `openSpace: expected a saved space in ${folder}, got a run that ${unfinished}; ${wayOn}`, {
      cause: error,
    });
  });
  if (unfinished !== undefined) context.note(`the space in ${folder} is that of an earlier run: the last one ${unfinished}; ${wayOn}`);
  return space;
}

/** What became of a run that has not ended well, and how to go on; undefined if it has. */
export async function unfinishedRun(
  folder: string,
  record: Partial<RunRecord>,
  called: Called = {},
): Promise<{ readonly what: string; readonly wayOn: string } | undefined> {
  const what = whatBecameOf(record);
  if (what === undefined) return undefined;
  const isBusy = record.state === 'running' && (await isLocked(folder, TRAINING_LOCK)); // else the folder is a copy of a run
  return { what, wayOn: isBusy ? 'wait until it ends' : `go on with: ${commandLine(called, ['train', '--out', folder, '--resume'])}` };
}

function whatBecameOf({ state, result }: Partial<RunRecord>): string | undefined {
  const { error } = (result ?? {}) as { readonly error?: { readonly code?: unknown } };
  if (state === 'failed') return `failed${typeof error?.code === 'string' ? ` (${error.code})` : ''}`;
  if (state === 'running') return 'is still running';
  if (state === 'stopped') return 'was stopped before its end';
  return state === 'died' ? 'died before it ended' : undefined;
}
