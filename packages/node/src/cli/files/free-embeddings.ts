import { dirname, join, resolve } from 'node:path';

import { readRunRecord, type RunRecord } from '../../runs/run-record.js';
import type { CommandContext } from '../command-context.js';
import { readExportedFolder } from '../explore/read-folder.js';

/** Steps of refinement that the guide gives for a space of free embeddings. */
export const FREE_STEPS = 300;

/**
 * Whether a space learned with free embeddings, as its run or the exported folder around it says: its encoder then only guesses where a network
 * lies.
 */
export async function isFreeSpace(folder: string, known?: Partial<RunRecord>): Promise<boolean> {
  const record = known ?? (await readRunRecord(folder).catch(() => undefined)); // a space is a space, whatever lies beside it
  if (record !== undefined) return saysFree(record.config) || saysFree(record.result);
  const around = dirname(resolve(folder));
  const manifest = await readExportedFolder(around).catch(() => undefined);
  return manifest?.freeEmbeddings === true && join(around, dirname(manifest.space)) === resolve(folder);
}

const saysFree = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'embeddings' in value && value.embeddings === 'free';

/**
 * Says that encodings of such a space are to be refined, unless they are, or cannot be.
 *
 * @returns whether the space is such a one
 */
export async function noteFreeEmbeddings(
  folder: string,
  { refine, how = `refine them (--refine ${FREE_STEPS})` }: { readonly refine?: number; readonly how?: string },
  context: Pick<CommandContext, 'note'>,
): Promise<boolean> {
  const isFree = await isFreeSpace(folder);
  if (isFree && refine === undefined)
    context.note(`the space in ${folder} was trained with free embeddings, and its encoder only guesses where a network lies: ${how}`);
  return isFree;
}
