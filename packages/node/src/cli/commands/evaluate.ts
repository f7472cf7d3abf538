import { evaluateSpace, summarize } from '@netspace/explore';
import { NetSpaceError } from '@netspace/prep';
import { loadAll } from '@netspace/zoo';
import type { Command } from 'commander';

import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { readRunRecord } from '../../runs/run-record.js';
import { action, type CommandContext } from '../command-context.js';
import { evaluateShapes } from '../evaluate-shapes.js';
import { evaluationText } from '../evaluation-text.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { checkKnown } from '../files/check-known.js';
import { openSpace } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';
import { recordedHeldOut } from '../files/recorded-held-out.js';
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
  checkKnown(
    'evaluate',
    space,
    folder,
    chosen.map(({ name, architecture }) => ({ what: `${name} in ${zoo}`, architecture })),
  );
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
  const names = recordedHeldOut(await readRunRecord(folder).catch(() => undefined), records); // a space is a space, whatever lies beside it
  const rows = result.instances.filter(({ name }) => names?.has(name));
  const heldOut = rows.length === 0 ? undefined : summarize(rows);
  const told = heldOut === undefined ? {} : { heldOut: { ...heldOut, names: rows.map(({ name }) => name) } };
  context.print({ ...result, ...told }, () => evaluationText(result, { names, summary: heldOut }));
}
