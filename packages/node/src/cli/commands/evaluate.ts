import { evaluateSpace } from '@netspace/explore';
import { NetSpaceError } from '@netspace/prep';
import { loadAll } from '@netspace/zoo';
import type { Command } from 'commander';

import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { action, type CommandContext } from '../command-context.js';
import { evaluateShapes } from '../evaluate-shapes.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { openSpace } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';
import { textTable } from '../output/text-table.js';
import { pickRecords } from '../options/zoo-options.js';

interface Options {
  readonly space: string;
  readonly zoo: string;
  readonly data?: string;
  readonly instance?: readonly string[];
  readonly limit?: number;
  readonly batchSize?: number;
}

/** `netspace evaluate --space DIR --zoo DIR --data SPEC`: each network of a zoo beside what the space makes of it. */
export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('compare each network of a zoo with what the space makes of it')
    .requiredOption('--space <dir>', 'folder of the space')
    .requiredOption('--zoo <dir>', 'folder of the zoo')
    .option('--data <spec>', 'test images: mnist, cifar10:PATH (a folder or one .bin file), tiny-imagenet:PATH; not for shapes')
    .option('--instance <name...>', 'only these instances')
    .option('--limit <n>', 'only so many images, evenly spread', countOption(CLI_LIMITS.images))
    .option('--batch-size <n>', 'images at once', countOption(CLI_LIMITS.images))
    .action(action(({ command, context }) => evaluate(command.opts<Options>(), context)));
}

async function evaluate({ space: folder, zoo, data, instance, limit, batchSize }: Options, context: CommandContext): Promise<void> {
  const { store, records } = await openZoo(zoo);
  const chosen = pickRecords(records, instance, zoo);
  const source = data === undefined ? undefined : parseDatasetSpec(data);
  await context.startRuntime();
  const space = await openSpace(folder, context);
  const entries = await loadAll(store, chosen, { signal: context.signal });
  if (space.architectures.every(({ purpose }) => purpose === 'sdf')) {
    const result = await evaluateShapes(space, entries, context);
    await context.throwIfStopped();
    context.print(result, () => {
      const rows = result.instances.map(({ name, mse, iou }) => [name, mse.toExponential(2), iou]);
      return [textTable(['name', 'MSE', 'IoU'], rows), ...result.remarks].join('\n\n');
    });
    return;
  }
  if (source === undefined) throw new NetSpaceError('INVALID_OPTION', 'evaluate: expected --data for a space of classifiers, got none');
  const dataset = await source.load('test');
  const bar = context.progress('networks', entries.length);
  const size = { ...(limit !== undefined && { limit }), ...(batchSize !== undefined && { batchSize }) };
  const result = await evaluateSpace(space, entries, dataset, {
    ...size,
    signal: context.signal,
    onStep: ({ step }) => bar.update(step),
  }).finally(() => bar.stop());
  await context.throwIfStopped();
  context.print(result, () => {
    const rows = result.instances.map((row) => [
      row.name,
      row.classId,
      row.predictedClassId,
      row.targetAccuracy,
      row.predictedAccuracy,
      row.agreement,
    ]);
    const summary = Object.entries<number | null>({ ...result.summary });
    const { weightSpread, fromStart, disagreement, targetDisagreement } = result.diversity;
    const diversity = Object.entries({ weightSpread, fromStart, disagreement, targetDisagreement });
    const tables = [
      textTable(['name', 'ClassId', 'predicted', 'target', 'predicted', 'agreement'], rows),
      textTable(['summary', ''], [...summary, ...diversity]),
    ];
    return [...tables, ...result.remarks].join('\n\n');
  });
}
