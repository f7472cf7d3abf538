import type { Command } from 'commander';

import { action } from '../../command-context.js';
import { openZoo } from '../../files/open-zoo.js';
import { measureCell, textTable } from '../../output/text-table.js';

/** `netspace zoo list DIR`: what is in a zoo. */
export function addZooList(zoo: Command): void {
  zoo
    .command('list')
    .description('list the instances of a zoo')
    .argument('<dir>', 'folder of the zoo')
    .action(
      action(async ({ args: [folder], context }) => {
        const { records } = await openZoo(folder!, { ...context, runs: 'none' });
        context.print({ instances: records }, () => {
          const metrics = [...new Set(records.flatMap((record) => Object.keys(record.metrics)))];
          const rows = records.map((record) => [
            ...[record.name, record.architecture, record.classId, record.parameterCount, record.epochs, record.seed],
            ...metrics.map((metric) => measureCell(metric, record.metrics[metric])),
          ]);
          return textTable(['name', 'architecture', 'ClassId', 'parameters', 'epochs', 'seed', ...metrics], rows);
        });
      }),
    );
}
