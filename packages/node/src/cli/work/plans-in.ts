import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';

import { fullPlace } from '../../files/full-place.js';
import { isS3Address } from '../../files/s3/s3-place.js';
import { type JobPlanFile, jobFolder } from '../../jobs/folder/job-folder.js';
import { WORK_KINDS, type WorkKind } from '../../jobs/work-kind.js';
import type { CommandContext } from '../command-context.js';

/** A work that is planned in the folder of a zoo or of a sweep. */
export interface FoundPlan {
  readonly zoo: string;
  readonly kind: WorkKind;
  readonly plan: JobPlanFile & { readonly queueId: string };
}

/** The plan of the work with a queue in a folder, or else those in the folders in it, newest first. */
export async function plansIn(folder: string): Promise<readonly FoundPlan[]> {
  const own = await plansOf(folder);
  if (own.length > 0) return own.slice(0, 1); // an older one may have been stopped
  return newestFirst((await Promise.all((await foldersIn(folder)).map(plansOf))).flat());
}

/** The same, as soon as there is one. */
export async function awaitedPlans(
  folder: string,
  context: Pick<CommandContext, 'signal' | 'note' | 'netspace'>,
): Promise<readonly FoundPlan[]> {
  const { signal } = context;
  for (let waits = 0; ; waits++) {
    const plans = await plansIn(folder);
    if (plans.length > 0) return plans;
    if (signal.aborted) throw new NetSpaceError('ABORTED', 'worker: stopped by a signal before there were jobs');
    if (waits === 0) context.note(`waiting for a command with --queue in ${fullPlace(folder)}, such as ${context.netspace} zoo build`);
    await setTimeout(500, undefined, { signal }).catch(() => undefined);
  }
}

async function plansOf(zoo: string): Promise<readonly FoundPlan[]> {
  const plans = await Promise.all(WORK_KINDS.map(async (kind) => ({ kind, plan: await jobFolder(zoo, kind).readPlan() })));
  return newestFirst(
    plans.flatMap(({ kind, plan }) => (plan?.queueId === undefined ? [] : [{ zoo, kind, plan: { ...plan, queueId: plan.queueId } }])),
  );
}

const newestFirst = (plans: readonly FoundPlan[]): readonly FoundPlan[] => plans.toSorted((a, b) => b.plan.begun - a.plan.begun);

/** Folders in a folder of this machine; none if there is no such folder yet. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  if (isS3Address(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => join(folder, name));
}
