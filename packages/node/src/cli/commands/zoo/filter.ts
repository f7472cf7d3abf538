import { type Architecture, isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { copyInstances, type InstanceRecord } from '@netspace/zoo';
import { type Command, Option } from 'commander';

import {
  architecturesIn,
  type FindArchitecture,
  isFileName,
  isOnnxName,
  keepArchitectures,
} from '../../../architectures/architectures-in.js';
import { checkOutputAt, filesAt } from '../../../files/files-at.js';
import { action, type CommandContext } from '../../command-context.js';
import { matchingNames } from '../../export/name-patterns.js';
import { refuseFilled } from '../../export/refuse-filled.js';
import { openZoo } from '../../files/open-zoo.js';
import { type Condition, conditionOption } from '../../options/condition.js';
import { CLI_LIMITS, countOption } from '../../options/number-option.js';
import { counted } from '../../output/counted.js';

interface Options {
  readonly where: readonly Condition[];
  readonly instance?: readonly string[];
  readonly architecture?: readonly string[];
  readonly first?: number;
  readonly out?: string;
  readonly layout: 'shards' | 'files';
}

/** `netspace zoo filter DIR`: names of the networks that are wanted, or a zoo of them. */
export function addZooFilter(zoo: Command): void {
  zoo
    .command('filter')
    .description('print the names of some networks of a zoo, or copy them to another')
    .argument('<dir>', 'folder of the zoo')
    .option(
      '--where <condition>',
      "only networks for which this is true, such as 'testAccuracy>=0.8' or 'epochs<10'; if there are several, all of them",
      conditionOption,
      [],
    )
    .option('--instance <name...>', 'only these networks; * stands for any characters')
    .option('--architecture <name...>', 'only of these architectures; * stands for any characters')
    .option('--first <n>', 'only the first n of them', countOption(CLI_LIMITS.images))
    .option('--out <dir>', 'copy them to a zoo in this new folder')
    .addOption(
      new Option('--layout <name>', 'how the copy is kept: in shards, or in one safetensors file for each network')
        .choices(['shards', 'files'])
        .default('shards'),
    )
    .action(action(({ args, command, context }) => filter(args[0]!, command.opts<Options>(), context)));
}

async function filter(folder: string, options: Options, context: CommandContext): Promise<void> {
  const { out, layout } = options;
  if (out !== undefined) {
    await checkOutputAt('--out', out);
    await refuseFilled('--out', out);
  }
  const { records } = await openZoo(folder, { ...context, runs: 'none' });
  const chosen = choose(records, options);
  if (out !== undefined && chosen.length > 0) {
    const bar = context.progress('networks', chosen.length);
    const onCopy = (done: number): void => bar.update(done);
    const find = await architecturesIn(folder);
    const named = new Set(chosen.map((record) => record.architecture).filter(isFileName));
    const graphs = [...named].flatMap((name) => (isOnnxName(name) ? find(name) : foundOrNot(find, name)));
    await keepArchitectures(out, graphs);
    await copyInstances(filesAt(folder), filesAt(out), { records: chosen, layout, signal: context.signal, onCopy }).finally(() =>
      bar.stop(),
    );
  }
  const names = chosen.map(({ name }) => name);
  context.print({ zoo: folder, of: records.length, names, ...(out !== undefined && { out }) }, () =>
    out === undefined ? names.join('\n') : `${counted(chosen.length, 'network')} of ${records.length} copied to ${out}`,
  );
}

/** A `tf.LayersModel` that a program made has no file. */
function foundOrNot(find: FindArchitecture, name: string): readonly Architecture[] {
  try {
    return [find(name)];
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'NOT_FOUND') return [];
    throw error;
  }
}

function choose(
  records: readonly InstanceRecord[],
  { where, instance, architecture, first = Infinity }: Options,
): readonly InstanceRecord[] {
  for (const condition of where) {
    if (records.some((record) => condition.has(record))) continue;
    const known = [...new Set(records.flatMap(({ metrics }) => Object.keys(metrics)))].join(', ');
    throw new NetSpaceError(
      'NOT_FOUND',
      `zoo filter: expected --where '${condition.text}' to name a number of the networks, got none that has it; there are epochs, seed, parameterCount, classId${known === '' ? '' : `, ${known}`}`,
    );
  }
  const ofName = asSet(instance, records.map(({ name }) => name), '--instance'); // prettier-ignore
  const ofArchitecture = asSet(architecture, [...new Set(records.map((record) => record.architecture))], '--architecture', 'architectures');
  return records
    .filter((record) => ofName(record.name) && ofArchitecture(record.architecture) && where.every((condition) => condition.holds(record)))
    .slice(0, first);
}

function asSet(
  patterns: readonly string[] | undefined,
  names: readonly string[],
  option: string,
  what?: string,
): (name: string) => boolean {
  if (patterns === undefined) return () => true;
  const fitting = new Set(matchingNames(names, patterns, option, what));
  return (name) => fitting.has(name);
}
