import type { Command } from 'commander';

import { jobFolder } from '../../../jobs/folder/job-folder.js';
import { commandOfWork } from '../../../jobs/work-kind.js';
import { pace } from '../../../jobs/jobs-progress.js';
import { unmetLines } from '../../../jobs/queue/presence.js';
import { textOfFacts } from '../../../jobs/queue/worker-facts.js';
import type { RunRecord } from '../../../runs/run-record.js';
import { action, type CommandContext } from '../../command-context.js';
import { counted } from '../../output/counted.js';
import { zooAt } from '../../zoo/zoo-at.js';

/** `netspace zoo status DIR`: how far a build is. */
export function addZooStatus(zoo: Command): void {
  zoo
    .command('status')
    .description('how far the build of a zoo is, which jobs it has set aside, and how far zoo evaluate and zoo encode are')
    .argument('<dir>', 'folder of the zoo')
    .action(
      action(async ({ args, context }) => {
        const status = await statusOf(args[0]!, context);
        context.print(status, () => textOf(status));
      }),
    );
}

async function statusOf(folder: string, context: CommandContext) {
  const { record, networks } = await zooAt('zoo status', folder, context);
  const jobs = jobFolder(folder);
  const [plan, waiting, setAside] = [await jobs.readPlan(), (await jobs.resultKeys()).length, await jobs.listSetAside()];
  const failed = setAside.reduce((sum, { names }) => sum + names.length, 0);
  const total = plan?.total ?? Math.max(totalOf(record), networks + failed);
  const seconds = plan === undefined ? 0 : (Date.now() - plan.begun) / 1000;
  const speed = plan && pace({ made: networks + waiting - plan.present, left: total - networks - waiting - failed, seconds });
  const state = record?.state ?? 'imported';
  const presence = state === 'running' && plan?.queueId !== undefined ? await jobs.readPresence() : undefined;
  const works = await worksIn(folder);
  const others = works.length > 0 && { works };
  return { zoo: folder, state, networks, total, waiting, setAside, ...(state === 'running' && speed), ...presence, ...others };
}

/** Other commands that run over the zoo, or were stopped: how many networks they look at, and how many of their results are ready. */
async function worksIn(folder: string) {
  const works = await Promise.all(
    (['evaluate', 'encode'] as const).map(async (kind) => {
      const jobs = jobFolder(folder, kind);
      const plan = await jobs.readPlan();
      const keys = plan === undefined ? [] : await jobs.resultKeys();
      const sizes = await jobs.readSizes();
      const counts = await Promise.all(keys.map(async (key) => sizes[key] ?? (await jobs.readResult(key))?.drafts.length ?? 0)); // of an earlier version
      const ready = counts.reduce((sum, count) => sum + count, 0);
      return plan && { command: commandOfWork(kind), total: plan.total, ready: plan.present + ready };
    }),
  );
  return works.flatMap((work) => work ?? []);
}

/** Networks of the recipe, which a build that was stopped leaves in its record. */
const totalOf = (record: Partial<RunRecord> | undefined): number => {
  const { total } = (record?.result ?? {}) as { readonly total?: unknown };
  return typeof total === 'number' ? total : 0;
};

function textOf(status: Awaited<ReturnType<typeof statusOf>>): string {
  const { zoo, state, networks, total, waiting, setAside, networksPerHour, secondsLeft, workers = [], unmet = [], works = [] } = status;
  const speed =
    networksPerHour === undefined ? [] : [`${networksPerHour} networks an hour, about ${Math.ceil(secondsLeft! / 60)} min left`];
  return [
    `${zoo}: ${state}, ${networks} of ${total} networks`,
    ...(waiting === 0 ? [] : [`${counted(waiting, 'result')} ready before ${waiting === 1 ? 'its' : 'their'} turn`]),
    ...speed,
    ...workers.map((facts) => `worker ${facts.worker}: ${textOfFacts(facts)}`),
    ...unmetLines({ workers, unmet }),
    ...works.map(({ command, ready, total }) => `netspace ${command}: begun, ${ready} of ${total} networks done`),
    ...setAside.map(({ title, tries, error }) => `set aside: ${title}, tried ${counted(tries, 'time')}: ${error.message}`),
  ].join('\n');
}
