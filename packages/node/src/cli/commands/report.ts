import { join } from 'node:path';

import type { ReportData } from '@netspace/report';
import { NetSpaceError } from '@netspace/prep';
import { loadAll } from '@netspace/zoo';
import { type Command, Option } from 'commander';

import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { checkOutput } from '../../files/check-output.js';
import { readMetrics } from '../../metrics/metrics-file.js';
import { readRunRecord } from '../../runs/run-record.js';
import { action, type CommandContext } from '../command-context.js';
import { openSpace, unfinishedRun } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { addTaskOption, drawnInputs, givesOutputs, labeled, type MeasuredTask, taskOfSpace } from '../measured-task.js';
import { addRefineOption, refinementOf } from '../options/refine-option.js';
import { evaluatedPlace } from '../evaluation/evaluated-place.js';
import { exportedRecord } from '../files/exported-record.js';
import { freePage } from '../report/free-page.js';
import { strangersHeldOut, strangersNote } from '../files/recorded-held-out.js';
import { heldOut } from '../report/held-out.js';
import { measuredBy, sizesOf, trainedBy } from '../report/origin.js';
import { reportOnClassifiers, type ReportPart } from '../report/report-on-classifiers.js';
import { reportOnOutputs } from '../report/report-on-outputs.js';
import { reportOnShapes } from '../report/report-on-shapes.js';
import { reportOnZoo } from '../report/report-on-zoo.js';
import { reportSource, titleOf } from '../report/report-source.js';
import { trainingSection } from '../report/training-section.js';
import { commandLine } from '../training/way-on.js';
import { type ReportFormat, writeReport } from '../report/write-report.js';

interface Options {
  readonly space?: string;
  readonly zoo?: string;
  readonly data?: string;
  readonly task?: MeasuredTask;
  readonly head?: string;
  readonly limit?: number;
  readonly refine?: number;
  readonly format: ReportFormat;
  readonly out?: string;
}

/** `netspace report FOLDER`: a page about a space, a run or a zoo, that needs nothing else. */
export function addReport(program: Command): void {
  const command = addTaskOption(program.command('report'))
    .description('write a page about a space, a run or a zoo: curves, tables, pictures, and what the numbers mean')
    .argument('[folder]', 'folder of a space, a run or a zoo')
    .option('--space <dir>', 'the same as the folder, for a space')
    .option('--zoo <dir>', 'measure the space on the networks of this zoo')
    .option(
      '--data <spec>',
      'test images, or a file of tensors: mnist, cifar10:PATH, tiny-imagenet:PATH, test.npz, table.csv#targets=NAME; not for shapes',
    )
    .option('--limit <n>', 'only this many inputs, evenly spread', countOption(CLI_LIMITS.images))
    .addOption(
      new Option('--format <name>', 'one HTML page, or Markdown with PNG pictures next to it').choices(['html', 'md']).default('html'),
    )
    .option(
      '--out <file>',
      'the page; a file of that name is replaced (default: report.html, or report-FOLDER.html if there is one already; neither is replaced)',
    );
  addRefineOption(
    command,
    'also refine each encoding in this many steps, on the training half of --data or on points, and show both side by side',
  ).action(action(({ args, command, context }) => report(args[0], command.opts<Options>(), context)));
}

async function report(argument: string | undefined, options: Options, context: CommandContext): Promise<void> {
  const folder = argument ?? options.space;
  if (folder === undefined) {
    throw new NetSpaceError('INVALID_OPTION', 'report: expected a folder, got none; name that of a space, a run or a zoo');
  }
  if (argument !== undefined && options.space !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', `report: expected one folder, got ${argument} and --space ${options.space}; leave one out`);
  }
  const { format, out = freePage(folder, format) } = options;
  await checkOutput('--out', out, 'file');
  const kind = await reportSource(folder, context);
  const { page, result, remarks } =
    kind === 'space' ? await aboutSpace(folder, options, context) : await aboutOther(kind, folder, options, context);
  await context.throwIfStopped();
  await writeReport(out, page, format);
  context.print({ report: out, ...result, remarks }, () => [`report in ${out}`, ...remarks].join('\n'));
}

type Written = Pick<ReportPart, 'result' | 'remarks'> & { readonly page: ReportData };

async function aboutSpace(
  folder: string,
  { zoo, data, limit, task: given, head, refine: steps }: Options,
  context: CommandContext,
): Promise<Written> {
  const record = await readRunRecord(folder).catch(() => undefined); // a space is a space, whatever lies beside it
  const metrics = trainingSection(await readMetrics(join(folder, 'metrics.jsonl')), record?.config);
  const opened = zoo === undefined ? undefined : await openZoo(zoo, context);
  const source = data === undefined ? undefined : parseDatasetSpec(data);
  const runtime = await context.startRuntime();
  const space = await openSpace(folder, context, zoo === undefined ? [] : [zoo]);
  const task = await taskOfSpace('report', space, { folder, given, head });
  const isShapes = task.task === 'sdf';
  const drawsInputs = task.task === 'rgb' || task.task === 'occupancy';
  if (isShapes && (data ?? limit) !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', 'report: expected no --data and no --limit for a space of shapes; leave them out');
  }
  if (!isShapes && (opened === undefined) !== (source === undefined) && !(drawsInputs && source === undefined)) {
    const [one, missing] = opened === undefined ? ['--data', '--zoo'] : ['--zoo', '--data'];
    const what = task.task === 'classification' ? 'a space of classifiers' : 'networks that give numbers';
    throw new NetSpaceError('INVALID_OPTION', `report: expected ${missing} beside ${one} for ${what}, got none; name both`);
  }
  if (opened === undefined && steps !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', `report: expected --zoo beside --refine, whose networks are refined, got none`);
  }
  const measure = async (): Promise<ReportPart> => {
    if (opened === undefined) return unmeasured(folder, isShapes || drawsInputs, context);
    const { store, records } = opened;
    const entries = await loadAll(store, records, { signal: context.signal });
    const strange = strangersNote(strangersHeldOut(record, records), zoo!);
    if (strange !== undefined) context.note(strange);
    const held = heldOut(record ?? (await exportedRecord(folder, records)), records);
    const refine = await refinementOf('report', space, { folder, steps, source, task });
    const place = await evaluatedPlace({ netspace: context.netspace, space: folder, zoo: zoo!, data, record, refine: steps });
    if (isShapes) return reportOnShapes({ space, entries, held, place, refine }, context);
    const dataset = source === undefined ? drawnInputs('report', space, task) : await source.load('test');
    const kind = task.task;
    if (givesOutputs(kind))
      return reportOnOutputs({ space, entries, dataset, limit, task: { ...task, task: kind }, held, place, refine }, context);
    const shared = { space, entries, limit, held, place, refine };
    return reportOnClassifiers({ ...shared, head: task.head, dataset: labeled('report', dataset) }, context);
  };
  const { headline, sections, result, remarks } = await measure();
  const page: ReportData = {
    title: `The space in ${titleOf(folder)}`,
    subtitle: `A space of ${space.architectures.length} architecture${space.architectures.length === 1 ? '' : 's'}; each network is one vector (embedding) of ${space.config.embeddingSize} numbers`,
    ...(headline !== undefined && { headline }),
    sections: [...sections, ...metrics],
    provenance: {
      ...sizesOf(space),
      ...trainedBy(record),
      ...(zoo !== undefined && { zoo }),
      ...(data !== undefined && { data }),
      ...measuredBy(runtime),
    },
  };
  space.dispose();
  return { page, result, remarks };
}

/** Without a zoo nothing can be measured. */
function unmeasured(folder: string, withoutData: boolean, context: CommandContext): ReportPart {
  const words = `Nothing was measured: ${commandLine(context, ['report', folder])} --zoo ZOO${withoutData ? '' : ' --data DATA'} compares networks with what the space makes of them.`;
  return { sections: [{ title: 'How good is it?', text: words }], result: {}, remarks: [words] };
}

async function aboutOther(kind: 'zoo' | 'run', folder: string, given: Options, context: CommandContext): Promise<Written> {
  for (const option of ['zoo', 'data', 'limit', 'refine', 'task', 'head'] as const) {
    if (given[option] === undefined) continue;
    if (kind === 'run') throw await withoutSpace(folder, `--${option} ${given[option]}`, context);
    throw new NetSpaceError('INVALID_OPTION', `report: expected no --${option} for a zoo, got ${given[option]}; it is for a space`);
  }
  if (kind === 'zoo') {
    const {
      sections,
      headline = [],
      result,
      remarks,
    } = reportOnZoo((await openZoo(folder, { ...context, runs: 'none' })).records, context);
    return { page: { title: `The zoo in ${titleOf(folder)}`, headline, sections, provenance: measuredBy(undefined) }, result, remarks };
  }
  const record = await readRunRecord(folder);
  const unfinished = record === undefined ? undefined : await unfinishedRun(folder, record, context);
  const words =
    unfinished === undefined
      ? `There is no space in ${folder}: the run is ${record?.state ?? 'not recorded'}.`
      : `There is no space in ${folder} yet: the run ${unfinished.what}; ${unfinished.wayOn}. This page is about the run so far.`;
  const sections = [{ title: 'State', text: words }, ...trainingSection(await readMetrics(join(folder, 'metrics.jsonl')), record?.config)];
  const provenance = { ...trainedBy(record), ...measuredBy(undefined) };
  return {
    page: { title: `The run in ${titleOf(folder)}`, sections, provenance },
    result: { state: record?.state ?? null },
    remarks: [words],
  };
}

/** Figures of a space are asked for, but its run has not ended. */
async function withoutSpace(folder: string, given: string, context: CommandContext): Promise<NetSpaceError> {
  const record = await readRunRecord(folder);
  const unfinished = record === undefined ? undefined : await unfinishedRun(folder, record, context);
  const [what, wayOn] = [unfinished?.what ?? 'left none', unfinished?.wayOn ?? 'name the folder of a space'];
  return new NetSpaceError('NOT_FOUND', `report: expected a space in ${folder} for ${given}, got a run that ${what}; ${wayOn}; for a page about the run so far: ${commandLine(context, ['report', folder])}`); // prettier-ignore
}
