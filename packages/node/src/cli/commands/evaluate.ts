import { evaluateOutputs, evaluateSpace, summarize, summarizeOutputs } from '@netspace/explore';
import { NetSpaceError } from '@netspace/prep';
import { loadAll } from '@netspace/zoo';
import type { Command } from 'commander';

import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { readRunRecord } from '../../runs/run-record.js';
import { action, type CommandContext } from '../command-context.js';
import { evaluateShapes, summarizeShapes } from '../evaluation/evaluate-shapes.js';
import { evaluatedPlace } from '../evaluation/evaluated-place.js';
import { evaluationText, shapesText } from '../evaluation/evaluation-text.js';
import {
  haveOwnSeeds,
  namesNearGuess,
  verdictOnClassifiers,
  verdictOnOutputs,
  verdictOnShapes,
  verdictText,
} from '../evaluation/evaluation-verdict.js';
import {
  addTaskOption,
  drawnInputs,
  givesOutputs,
  labeled,
  type MeasuredTask,
  refuseDataOfShapes,
  type SpaceTask,
  taskOfSpace,
} from '../measured-task.js';
import { outputsText } from '../evaluation/outputs-text.js';
import { CLI_LIMITS, countOption, numberOption } from '../options/number-option.js';
import { addRefineOption, refinementOf } from '../options/refine-option.js';
import { checkKnown } from '../files/check-known.js';
import { exportedRecord } from '../files/exported-record.js';
import { openSpace } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';
import { recordedHeldOut, strangersHeldOut, strangersNote } from '../files/recorded-held-out.js';
import { networkProgress } from '../output/network-progress.js';
import { quoted } from '../training/way-on.js';
import { pickRecords } from '../options/zoo-options.js';

interface Options {
  readonly space: string;
  readonly zoo: string;
  readonly data?: string;
  readonly task?: MeasuredTask;
  readonly head?: string;
  readonly peak?: number;
  readonly instance?: readonly string[];
  readonly limit?: number;
  readonly batchSize?: number;
  readonly refine?: number;
}

/** `netspace evaluate --space DIR --zoo DIR --data SPEC`: compares each network of a zoo with its predicted network. */
export function addEvaluate(program: Command): void {
  const command = addTaskOption(
    program
      .command('evaluate')
      .description('compare each network of a zoo with the network that the space predicts for it')
      .requiredOption('--space <dir>', 'folder of the space')
      .requiredOption('--zoo <dir>', 'folder of the zoo')
      .option(
        '--data <spec>',
        'test images, or a file of tensors: mnist, cifar10:PATH (a folder or one .bin file), tiny-imagenet:PATH, test.npz, table.csv#targets=NAME; not for shapes',
      )
      .option('--instance <name...>', 'only these instances: names, or parts that only one name has')
      .option('--limit <n>', 'only this many inputs, evenly spread', countOption(CLI_LIMITS.images))
      .option('--batch-size <n>', 'inputs at once', countOption(CLI_LIMITS.images))
      .option('--peak <n>', 'largest difference of two colors, for the PSNR of networks that give colors (default: 1)', numberOption),
  );
  addRefineOption(
    command,
    'also refine each encoding in this many steps, on the training half of --data or on points, and show both side by side',
  ).action(action(({ command, context }) => evaluate(command.opts<Options>(), context)));
}

async function evaluate(options: Options, context: CommandContext): Promise<void> {
  const { space: folder, zoo, data, instance, limit, batchSize, peak, refine: steps } = options;
  const { store, records } = await openZoo(zoo, { ...context, runs: instance });
  const chosen = pickRecords(records, instance, zoo, context);
  const source = data === undefined ? undefined : parseDatasetSpec(data);
  await context.startRuntime();
  const space = await openSpace(folder, context, [zoo]);
  checkKnown(
    'evaluate',
    space,
    folder,
    chosen.map(({ name, architecture }) => ({ what: `${name} in ${zoo}`, architecture })),
  );
  const task = await taskOfSpace('evaluate', space, { folder, given: options.task, head: options.head });
  if (peak !== undefined && task.task !== 'rgb') {
    throw new NetSpaceError('INVALID_OPTION', `evaluate: expected no --peak for ${task.task}, got ${peak}; it is for colors (--task rgb)`);
  }
  refuseDataOfShapes('evaluate', task, data);
  refuseSizesOfShapes(task, { limit, batchSize });
  const record = await readRunRecord(folder).catch(() => undefined); // a space is a space, whatever lies beside it
  if (source === undefined && (task.task === 'classification' || task.task === 'regression')) {
    const isOfImages = task.task === 'classification';
    const what = isOfImages ? 'a space of classifiers' : 'networks that give numbers';
    const forms = isOfImages ? 'mnist, cifar10:PATH, tiny-imagenet:PATH, test.npz or table.csv#labels=NAME' : 'test.npz or table.csv#targets=NAME'; // prettier-ignore
    const config = record?.config as Readonly<Record<string, unknown>> | null | undefined;
    const trained = typeof config?.['data'] === 'string' ? `; the space was trained with --data ${quoted(config['data'])}` : '';
    throw new NetSpaceError('INVALID_OPTION', `evaluate: expected --data for ${what}, got none; name one, such as ${forms}${trained}`);
  }
  const entries = await loadAll(store, chosen, { signal: context.signal });
  const search = await refinementOf('evaluate', space, { folder, steps, source, task });
  const unseen = recordedHeldOut(record ?? (await exportedRecord(folder, records)), records);
  const strange = strangersNote(strangersHeldOut(record, chosen), zoo);
  if (strange !== undefined) context.note(strange);
  const place = await evaluatedPlace({ netspace: context.netspace, space: folder, zoo, data, record, refine: steps });
  const origin = {
    ...{ heldOut: unseen, trainedOn: unseen && records.filter(({ name }) => !unseen.has(name)).length },
    ...{ ownSeeds: haveOwnSeeds(records), space, place },
  };
  const bar = networkProgress('evaluate', { names: entries.map(({ name }) => name), refine: steps }, context);
  const refine = search && { ...search, onStep: bar.onStep };
  const measured = async <Result>(measuring: Promise<Result>): Promise<Result> => {
    const result = await bar.until(measuring, 'no figures are kept');
    await context.throwIfStopped();
    return result;
  };
  const onStep = () => bar.ended();
  if (task.task === 'sdf') {
    const result = await measured(evaluateShapes(space, entries, { signal: context.signal, refine, onStep }));
    const parts = partSummaries(result, unseen, summarizeShapes);
    const verdict = verdictOnShapes({ ...result, ...origin });
    context.print(
      { ...result, ...parts, verdict },
      () => `${shapesText(result, { names: unseen, summary: parts.heldOut, known: parts.trainedOn })}\n\n${verdictText(verdict)}`,
    );
    return;
  }
  const dataset = source === undefined ? drawnInputs('evaluate', space, task) : await source.load('test');
  const size = { ...(limit !== undefined && { limit }), ...(batchSize !== undefined && { batchSize }), ...(refine && { refine }) };
  const shared = { ...size, ...task.head, signal: context.signal, onStep };
  if (givesOutputs(task.task)) {
    const measure = { ...shared, task: task.task, ...(peak !== undefined && { peak }) };
    const result = await measured(evaluateOutputs(space, entries, dataset, measure));
    const parts = partSummaries(result, unseen, summarizeOutputs);
    const verdict = verdictOnOutputs({ ...result, ...origin }, { task: task.task, targetR2: result.targetR2 });
    context.print(
      { task: task.task, ...result, ...parts, verdict },
      () => `${outputsText(result, { names: unseen, summary: parts.heldOut, known: parts.trainedOn })}\n\n${verdictText(verdict)}`,
    );
    return;
  }
  const result = await measured(evaluateSpace(space, entries, labeled('evaluate', dataset), shared));
  const parts = partSummaries(result, unseen, summarize);
  const verdict = verdictOnClassifiers({ ...result, ...origin, nearGuess: namesNearGuess(entries) });
  context.print(
    { ...result, ...parts, verdict },
    () => `${evaluationText(result, { names: unseen, summary: parts.heldOut, known: parts.trainedOn })}\n\n${verdictText(verdict)}`,
  );
}

/** Refuses what counts inputs beside shapes, which are compared at points: it would be ignored. */
function refuseSizesOfShapes(
  { task }: SpaceTask,
  { limit, batchSize }: { readonly limit: number | undefined; readonly batchSize: number | undefined },
): void {
  const [name, value] = limit === undefined ? (['--batch-size', batchSize] as const) : (['--limit', limit] as const);
  if (value === undefined || task !== 'sdf') return;
  throw new NetSpaceError('INVALID_OPTION', `evaluate: expected no ${name} for networks of shapes, which are compared at points, got ${value}; leave it out`); // prettier-ignore
}

/** The summaries of networks that the space was not trained on, if there are any, and then of those that it was. */
function partSummaries<Row extends { readonly name: string }, Summary>(
  { instances, refined }: { readonly instances: readonly Row[]; readonly refined?: { readonly instances: readonly Row[] } | undefined },
  names: ReadonlySet<string> | undefined,
  summarizeRows: (rows: readonly Row[]) => Summary,
) {
  const summaryOf = (isOne: (row: Row) => boolean) => {
    const rows = instances.filter(isOne);
    if (rows.length === 0) return undefined;
    return {
      ...{ ...summarizeRows(rows), names: rows.map(({ name }) => name) },
      ...(refined && { refined: summarizeRows(refined.instances.filter(isOne)) }),
    };
  };
  const heldOut = summaryOf(({ name }) => names?.has(name) === true);
  const trainedOn = heldOut && summaryOf(({ name }) => names?.has(name) !== true);
  return { ...(heldOut && { heldOut }), ...(trainedOn && { trainedOn }) };
}
