import { NetSpaceError } from '@netspace/prep';
import type { InstanceRecord } from '@netspace/zoo';
import type { Command } from 'commander';

import { architecturesIn, isFileName, keepArchitectures } from '../../../architectures/architectures-in.js';
import { openZooFolder } from '../../../architectures/open-zoo-folder.js';
import { checkOutputAt } from '../../../files/files-at.js';
import { buildByJobs } from '../../../jobs/build-by-jobs.js';
import { jobKeys } from '../../../jobs/job-key.js';
import { alignmentPlan } from '../../../jobs/works/align-jobs.js';
import type { AlignSource } from '../../../jobs/works/work-source.js';
import type { Telemetry } from '../../../metrics/telemetry.js';
import { readRunRecord } from '../../../runs/run-record.js';
import { zooInFolder } from '../../../runs/zoo-in-folder.js';
import { action, type CommandContext } from '../../command-context.js';
import { CLI_LIMITS, countOption } from '../../options/number-option.js';
import { addWorkOptions, checkWork, workArguments, type WorkOptions } from '../../options/work-options.js';
import { counted } from '../../output/counted.js';
import { withWayOn } from '../../training/way-on.js';
import { jobsAtOnce, originOfWork } from '../../work/run-work.js';
import { startJobs } from '../../work/start-jobs.js';
import { traced } from '../../work/traced.js';

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
  await checkWork('zoo align', options, runtime);
  const source: AlignSource = { kind: 'align', zoo, to, instance, data, inputs };
  const plan = await alignmentPlan(source, context);
  const config = { zoo, to, references: plan.references, instance, data, inputs };
  await refuseOther(zoo, out, config);
  const find = await architecturesIn(zoo);
  const files = [...new Set(plan.records.map(({ architecture }) => architecture))].filter(isFileName);
  const bar = context.progress('networks', 1000, { as: 'percent' }); // in thousandths
  const aligning = (telemetry: Telemetry) =>
    zooInFolder(out, {
      ...{ command: 'zoo align', config, seed: 0, runtime, signal: context.signal },
      async *build(into) {
        await keepArchitectures(out, files.map(find)); // where the networks that are added find them
        const origin = originOfWork(runtime, options);
        const { jobs } = plan;
        yield* buildByJobs(plan, {
          ...{ call: 'zoo align', netspace: context.netspace, store: into, zoo: out, keys: jobKeys(jobs, origin) },
          ...{ concurrency: jobsAtOnce(options), signal: context.signal },
          start: (facts) => startJobs({ zoo: out, kind: 'build', source, origin, bar, jobs, options, context, telemetry }, facts),
        });
      },
      onWait: (owner) => context.note(`another command adds to ${out} (process ${owner}): waiting until it ends`),
    });
  const { store, added } = await traced('zoo align', options, { 'netspace.zoo': out, 'netspace.jobs': plan.jobs.length }, aligning)
    .catch((error: unknown) => {
      throw withWayOn(error, context, [
        ...['zoo', 'align', zoo, '--to', ...to, '--out', out, ...(data === undefined ? [] : ['--data', data, '--inputs', String(inputs)])],
        ...[...(instance === undefined ? [] : ['--instance', ...instance]), ...workArguments(options)],
      ]);
    })
    .finally(() => bar.stop());
  const instances = await store.list();
  context.print({ zoo: out, added, instances }, () => `${counted(added, 'network')} aligned; ${instances.length} in ${out}`);
}

/** Refuses a folder with networks of something else: those of the same names would be taken for aligned. */
async function refuseOther(zoo: string, out: string, { references, ...config }: { readonly references: unknown }): Promise<void> {
  const there = await (await openZooFolder(out)).list();
  if (there.length === 0) return;
  const record = await readRunRecord(out);
  const { references: before, ...was } = (record?.command === 'zoo align' ? record.config : {}) as { readonly references?: unknown };
  if (JSON.stringify(was) !== JSON.stringify(config)) {
    throw new NetSpaceError('INVALID_OPTION', `zoo align: expected a new folder for --out, or one that the same command has begun, got ${out}, which has ${there[0]!.name}; name another`); // prettier-ignore
  }
  const other = JSON.stringify(before) === JSON.stringify(references) ? await changedIn(zoo, there) : 'those of --to';
  if (other === undefined) return;
  throw new NetSpaceError('INVALID_OPTION', `zoo align: expected the networks of ${zoo} that were aligned into ${out} before, got others of their names (${other}): the zoo was built again; name another folder for --out`); // prettier-ignore
}

/** The first of some aligned networks that was not made of the network of its name in a zoo. Weights have another order: what the index says of them has to tell. */
async function changedIn(zoo: string, aligned: readonly InstanceRecord[]): Promise<string | undefined> {
  const now = new Map((await (await openZooFolder(zoo)).list()).map((record) => [record.name, record]));
  return aligned.find(({ name, epochs, seed, metrics }) => {
    const source = now.get(name);
    if (source === undefined) return false;
    return (
      source.epochs !== epochs || source.seed !== seed || Object.entries(source.metrics).some(([key, value]) => metrics[key] !== value)
    );
  })?.name;
}
