import { readRunRecord, type RunRecord } from '../../runs/run-record.js';
import type { CommandContext } from '../command-context.js';

/** Steps of refinement that the guide gives for a space of free embeddings. */
export const FREE_STEPS = 300;

/** Whether a space learned with free embeddings, as its run has recorded: its encoder then only guesses where a network lies. */
export function learnedFreely(record: Partial<RunRecord> | undefined): boolean {
  const saysFree = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'embeddings' in value && value.embeddings === 'free';
  return saysFree(record?.config) || saysFree(record?.result);
}

/** Says that encodings of such a space are to be refined, unless they are, or cannot be. */
export async function noteFreeEmbeddings(
  folder: string,
  { refine, how = `refine them (--refine ${FREE_STEPS})` }: { readonly refine?: number; readonly how?: string },
  context: Pick<CommandContext, 'note'>,
): Promise<void> {
  if (refine !== undefined || !learnedFreely(await readRunRecord(folder).catch(() => undefined))) return;
  context.note(`the space in ${folder} was trained with free embeddings, and its encoder only guesses where a network lies: ${how}`);
}
