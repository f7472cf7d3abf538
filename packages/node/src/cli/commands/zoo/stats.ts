import type { Command } from 'commander';

import { action } from '../../command-context.js';
import { openZoo } from '../../files/open-zoo.js';
import { counted } from '../../output/counted.js';
import { measureCell, textTable } from '../../output/text-table.js';
import { zooStats } from '../../zoo/zoo-stats.js';

/** `netspace zoo stats DIR`: how many networks of each architecture, and how their measures spread. */
export function addZooStats(zoo: Command): void {
  zoo
    .command('stats')
    .description('how many networks of each architecture a zoo has, and how their measures spread')
    .argument('<dir>', 'folder of the zoo')
    .action(
      action(async ({ args: [folder], context }) => {
        const { records } = await openZoo(folder!, { ...context, runs: 'none' });
        const stats = zooStats(records);
        context.print({ zoo: folder, ...stats }, () =>
          [
            `${counted(stats.networks, 'network')}, ${(stats.bytes / 2 ** 20).toPrecision(3)} MiB in ${counted(stats.files, 'file')}`,
            textTable(
              ['architecture', 'parameters', 'networks', 'epochs'],
              stats.architectures.map(({ name, parameterCount, networks, epochs }) => [
                ...[name, parameterCount, networks],
                `${epochs.min} to ${epochs.max}`,
              ]),
            ),
            ...(stats.metrics.length === 0
              ? []
              : [
                  textTable(
                    ['metric', 'architecture', 'networks', 'min', 'mean', 'max', 'deviation'],
                    stats.metrics.map(({ name, architecture, networks, min, mean, max, deviation }) => [
                      ...[name, architecture, networks],
                      ...[min, mean, max, deviation].map((value) => measureCell(name, value)),
                    ]),
                  ),
                ]),
          ].join('\n\n'),
        );
      }),
    );
}
