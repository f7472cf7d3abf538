import { NetSpaceError } from '@netspace/prep';
import type { InstanceRecord } from '@netspace/zoo';
import { type Command, InvalidArgumentError } from 'commander';

import { evaluationOf, type Measured } from '../../../jobs/works/evaluate-jobs.js';
import type { EvaluateSource } from '../../../jobs/works/work-source.js';
import { type KeptMeasure, MEASURES_FILE, measuredBy, readKeptMeasures, writeKeptMeasures } from '../../../zoos/kept-measures.js';
import { alreadyReported } from '../../already-reported.js';
import { action, type CommandContext } from '../../command-context.js';
import { CLI_LIMITS, countOption } from '../../options/number-option.js';
import { addWorkOptions, workArguments, type WorkOptions } from '../../options/work-options.js';
import { counted } from '../../output/counted.js';
import { measureCell, textTable } from '../../output/text-table.js';
import { runWork } from '../../work/run-work.js';
import { zooStats } from '../../zoo/zoo-stats.js';

interface Options extends WorkOptions {
  readonly data: string;
  readonly as: string;
  readonly instance?: readonly string[];
  readonly limit?: number;
  readonly head?: string;
}

/** `netspace zoo evaluate DIR --data SPEC`: measures the networks of a zoo, by any number of processes and machines. */
export function addZooEvaluate(zoo: Command): void {
  addWorkOptions(
    zoo
      .command('evaluate')
      .description(
        'measure the networks of a zoo on a data set, and keep the measures beside it; run it again to go on where it was stopped',
      )
      .argument('<dir>', 'folder of the zoo, or s3://BUCKET/PATH')
      .requiredOption('--data <spec>', 'mnist, cifar10:PATH, tiny-imagenet:PATH, test.npz, table.csv#targets=NAME; its test half is used')
      .option('--as <name>', "first part of the measures' names: testAccuracy, or testMse and testR2", measureName, 'test')
      .option('--instance <name...>', 'only these networks: names, or parts that only one name has')
      .option('--limit <n>', 'only this many inputs, evenly spread', countOption(CLI_LIMITS.images))
      .option('--head <output>', 'the output that is measured, of networks that have several'),
  ).action(action(({ args, command, context }) => evaluate(args[0]!, command.opts<Options>(), context)));
}

function measureName(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9]{0,39}$/.test(text)) return text;
  throw new InvalidArgumentError(`expected letters and digits, such as test, got '${text.slice(0, 40)}'`);
}

async function evaluate(zoo: string, options: Options, context: CommandContext): Promise<void> {
  const { data, as, instance, limit, head: output } = options;
  const runtime = await context.startRuntime();
  const source: EvaluateSource = { kind: 'evaluate', data, instance, limit, output };
  const { jobs, on, chosen, indexed } = await evaluationOf(zoo, source, context); // what is wrong with the data is said first
  const names = new Set(chosen.map(({ name }) => name));
  refuseKnown(as, indexed.filter(({ name }) => names.has(name))); // prettier-ignore
  const measured = await runWork(
    async () => {
      const there = (await readKeptMeasures(zoo)).filter((one) => one.as === as);
      const known = new Set(indexed.map(({ name, sha256 }) => `${sha256} ${name}`));
      // Of all networks, not only of those that are measured now: one name is one thing, for a table shows them side by side.
      const present = there.filter(({ name, sha256 }) => known.has(`${sha256} ${name}`));
      refuseOthers(
        zoo,
        as,
        present.find((one) => one.on !== on),
      );
      return { jobs, present: new Set(present.map(({ name }) => name)) };
    },
    async (bytes) => {
      const rows = new Map([...bytes].map(([name, text]) => [name, JSON.parse(new TextDecoder().decode(text)) as Measured]));
      await keep(zoo, indexed, { as, on, rows });
      return rows;
    },
    {
      ...{ zoo, kind: 'evaluate', source, options, runtime, context },
      again: ['zoo', 'evaluate', zoo, '--data', data, ...given({ as, limit, head: output }), ...(instance ? ['--instance', ...instance] : []), ...workArguments(options)], // prettier-ignore
    },
  );
  const problems = [...measured].flatMap(([name, one]) => ('problem' in one ? [{ name, problem: one.problem }] : []));
  const records = indexed.filter(({ name }) => names.has(name)).map(measuredBy(await readKeptMeasures(zoo)));
  const stats = zooStats(records).metrics.filter(({ name }) => OWN.some((end) => name === `${as}${end}`));
  context.print(
    { zoo, as, measured: measured.size - problems.length, instances: records, metrics: stats, ...(problems.length > 0 && { problems }) },
    () =>
      [
        `${counted(measured.size - problems.length, 'network')} measured now; the measures are in ${zoo}/${MEASURES_FILE}, and ${context.netspace} zoo list shows them`,
        ...problems.map(({ name, problem }) => `${name}: ${problem}`),
        textTable(
          ['metric', 'architecture', 'networks', 'min', 'mean', 'max'],
          stats.map(({ name, architecture, networks, min, mean, max }) => [
            ...[name, architecture, networks],
            ...[min, mean, max].map((value) => measureCell(name, value)),
          ]),
        ),
      ].join('\n'),
  );
  if (problems.length > 0) throw alreadyReported;
}

const given = (options: Readonly<Record<string, string | number | undefined>>): readonly string[] =>
  Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [`--${key}`, String(value)]));

/** Ends of the names of measures. */
const OWN = ['Accuracy', 'Mse', 'R2'];

/** Refuses a name under which the index of the zoo has a measure: what was measured then, on whatever data, is not replaced. */
function refuseKnown(as: string, records: readonly InstanceRecord[]): void {
  const keys = OWN.map((end) => `${as}${end}`);
  const known = (record: InstanceRecord): string | undefined => keys.find((key) => key in record.metrics);
  const one = records.find((record) => known(record) !== undefined);
  if (one === undefined) return;
  throw new NetSpaceError('INVALID_OPTION', `zoo evaluate: expected measures of a name that no network has, got ${known(one)}, which ${one.name} has since it was added; choose another with --as, such as --as ${as === 'other' ? 'second' : 'other'}`); // prettier-ignore
}

function refuseOthers(zoo: string, as: string, other: KeptMeasure | undefined): void {
  if (other === undefined) return;
  throw new NetSpaceError('INVALID_OPTION', `zoo evaluate: expected the data, limit and head that ${as} was measured with before, got others; choose another name with --as, or remove the lines of ${as} from ${zoo}/${MEASURES_FILE}`); // prettier-ignore
}

interface Keep {
  readonly as: string;
  readonly on: string;
  readonly rows: ReadonlyMap<string, Measured>;
}

/** Puts new measures to those of the zoo, in the order of its networks; then those of networks that it has got meanwhile. */
async function keep(zoo: string, records: readonly InstanceRecord[], { as, on, rows }: Keep): Promise<void> {
  const before = await readKeptMeasures(zoo);
  const [own, others] = [before.filter((one) => one.as === as), before.filter((one) => one.as !== as)];
  const known = new Map(own.map((one) => [`${one.sha256} ${one.name}`, one]));
  const lines = records.flatMap(({ name, sha256 }): KeptMeasure[] => {
    const now = rows.get(name);
    if (now === undefined || 'problem' in now) return [known.get(`${sha256} ${name}`) ?? []].flat();
    const metrics = Object.fromEntries(Object.entries(now.metrics).map(([end, value]) => [`${as}${end}`, value]));
    return [{ name, sha256, as, on, metrics }];
  });
  const names = new Set(records.map(({ name }) => name));
  await writeKeptMeasures(zoo, [...others, ...lines, ...own.filter(({ name }) => !names.has(name))]);
}
