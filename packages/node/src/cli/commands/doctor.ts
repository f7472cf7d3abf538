import type { Command } from 'commander';

import { doctor } from '../../runtime/doctor/doctor.js';
import { action } from '../command-context.js';
import { textTable } from '../output/text-table.js';

/** `netspace doctor`: which runtimes work here, how fast they are, and what would make the others work. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('try and measure every runtime; say what would make the missing ones work')
    .action(
      action(async ({ context }) => {
        const reports = await doctor({ signal: context.signal });
        context.print(reports, () => {
          const rows = reports.map(({ name, usable, version, device, threads, gflopsForward, gflopsBackward }) => [
            ...[name, usable ? 'yes' : 'no', version, device, threads],
            ...[gflopsForward, gflopsBackward].map((gflops) => (gflops === undefined ? undefined : speedText(gflops))),
          ]);
          const problems = reports.flatMap(({ name, reason, remedy }) =>
            reason === undefined ? [] : [`${name}: ${reason}${remedy === undefined ? '' : `; ${remedy}`}`],
          );
          return [textTable(['runtime', 'works', 'version', 'device', 'threads', 'GFLOP/s', 'backward'], rows), ...problems].join('\n');
        });
      }),
    );
}

/** Two digits of slow runtimes: plain JavaScript has a fraction of one GFLOP/s. */
const speedText = (gflops: number): string => (gflops < 9.95 ? String(Number(gflops.toPrecision(2))) : gflops.toFixed(0));
