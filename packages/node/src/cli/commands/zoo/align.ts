import { NetSpaceError } from '@netspace/prep';
import type { Command } from 'commander';

import { architecturesIn, isFileName, keepArchitectures } from '../../../architectures/architectures-in.js';
import { openZooFolder } from '../../../architectures/open-zoo-folder.js';
import { checkOutputAt } from '../../../files/files-at.js';
import { buildByJobs } from '../../../jobs/build-by-jobs.js';
import { jobKeys } from '../../../jobs/job-key.js';
import { alignmentPlan } from '../../../jobs/works/align-jobs.js';
import type { AlignSource } from '../../../jobs/works/work-source.js';
import { readRunRecord } from '../../../runs/run-record.js';
import { zooInFolder } from '../../../runs/zoo-in-folder.js';
import { action, type CommandContext } from '../../command-context.js';
import { CLI_LIMITS, countOption } from '../../options/number-option.js';
import { addWorkOptions, checkConcurrency, workArguments, type WorkOptions } from '../../options/work-options.js';
import { counted } from '../../output/counted.js';
import { withWayOn } from '../../training/way-on.js';
import { jobsAtOnce, originOfWork, startJobs } from '../../work/run-work.js';

interface Options extends WorkOptions {
  readonly to: readonly string[];
  readonly out: string;
  readonly data?: string;
  readonly inputs: number;
  readonly instance?: readonly string[];
}

/** `netspace zoo align DIR --to NAME --out DIR`: a zoo of the same networks, with their hidden channels in the order of one of them. */
export function addZooAlign(zoo: Command): void {
  addWorkOptions(
    zoo
      .command('align')
      .description(
        'write a zoo of the same networks with their hidden channels in the order of those of one of them; run it again to go on where it was stopped',
      )
      .argument('<dir>', 'folder of the zoo, or s3://BUCKET/PATH')
      .requiredOption('--to <name...>', 'the network in whose order the others are put, one of each architecture')
      .requiredOption('--out <dir>', 'folder of the new zoo, or s3://BUCKET/PATH')
      .option(
        '--data <spec>',
        'align by what units do on the training half of mnist, cifar10:PATH, tiny-imagenet:PATH, train.npz (default: by weights)',
      )
      .option('--inputs <n>', 'with --data: this many inputs, evenly spread', countOption(CLI_LIMITS.images), 256)
      .option('--instance <name...>', 'only these networks: names, or parts that only one name has'),
  ).action(action(({ args, command, context }) => align(args[0]!, command.opts<Options>(), context)));
}

async function align(zoo: string, options: Options, context: CommandContext): Promise<void> {
  const { to, out, data, inputs, instance } = options;
  await checkOutputAt('--out', out);
  if (out === zoo) throw new NetSpaceError('INVALID_OPTION', `zoo align: expected another folder for --out than ${zoo}, got the same; networks of a zoo are never changed`); // prettier-ignore
  const runtime = await context.startRuntime();
  checkConcurrency('zoo align', options.concurrency, runtime);
  const source: AlignSource = { kind: 'align', zoo, to, instance, data, inputs };
  const plan = await alignmentPlan(source);
  const config = { zoo, to, instance, data, inputs };
  await refuseOther(out, config);
  const find = await architecturesIn(zoo);
  const files = [...new Set(plan.records.map(({ architecture }) => architecture))].filter(isFileName);
  const bar = context.progress('networks', 1000, { as: 'percent' }); // in thousandths
  const { store, added } = await zooInFolder(out, {
    ...{ command: 'zoo align', config, seed: 0, runtime, signal: context.signal },
    async *build(into) {
      await keepArchitectures(out, files.map(find)); // where the networks that are added find them
      const origin = originOfWork(runtime, options);
      yield* buildByJobs(plan, {
        ...{
          call: 'zoo align',
          store: into,
          zoo: out,
          keys: jobKeys(plan.jobs, origin),
          concurrency: jobsAtOnce(options),
          signal: context.signal,
        },
        start: (facts) => startJobs({ zoo: out, kind: 'build', source, origin, bar, jobs: plan.jobs, options, context }, facts),
      });
    },
    onWait: (owner) => context.note(`another command adds to ${out} (process ${owner}): waiting until it ends`),
  })
    .catch((error: unknown) => {
      throw withWayOn(error, [
        ...['zoo', 'align', zoo, '--to', ...to, '--out', out, ...(data === undefined ? [] : ['--data', data, '--inputs', String(inputs)])],
        ...[...(instance === undefined ? [] : ['--instance', ...instance]), ...workArguments(options)],
      ]);
    })
    .finally(() => bar.stop());
  const instances = await store.list();
  context.print({ zoo: out, added, instances }, () => `${counted(added, 'network')} aligned; ${instances.length} in ${out}`);
}

/** Refuses a folder with networks of something else: those of the same names would be taken for aligned. */
async function refuseOther(out: string, config: object): Promise<void> {
  const record = await readRunRecord(out);
  if (record?.command === 'zoo align' && JSON.stringify(record.config) === JSON.stringify(config)) return;
  const [first] = await (await openZooFolder(out)).list();
  if (first === undefined) return;
  throw new NetSpaceError('INVALID_OPTION', `zoo align: expected a new folder for --out, or one that the same command has begun, got ${out}, which has ${first.name}; name another`); // prettier-ignore
}
