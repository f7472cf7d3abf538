import { refuseOptions } from '@netspace/prep/internal';
import type { Command } from 'commander';

import { doctor } from '../../runtime/doctor/doctor.js';
import type { RuntimeReport } from '../../runtime/runtime.js';
import { action } from '../command-context.js';
import { textTable } from '../output/text-table.js';

/** `netspace doctor`: which runtimes work here, how fast they are, and what would make the others work. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('try and measure every runtime; say what would make the missing ones work')
    .action(
      action(async ({ command, context }) => {
        refuseOptions('doctor', optionsOf(command), ['--runtime', '--precision'], '(it measures every runtime, in float32)');
        const reports = asTyped(await doctor({ signal: context.signal }), context.netspace);
        context.print(reports, () => {
          const rows = reports.map(({ name, usable, version, device, threads, gflopsForward, gflopsBackward }) => [
            ...[name, usable ? 'yes' : 'no', version, device, threads],
            ...[gflopsForward, gflopsBackward].map((gflops) => (gflops === undefined ? undefined : speedText(gflops))),
          ]);
          const problems = reports.flatMap(({ name, reason, remedy }) =>
            reason === undefined ? [] : [`${name}: ${reason}${remedy === undefined ? '' : `; ${remedy}`}`],
          );
          const table = textTable(['runtime', 'works', 'version', 'device', 'threads', 'GFLOP/s', 'backward'], rows);
          return [table, SPEEDS, ...waitingThreads(reports), ...problems].join('\n');
        });
      }),
    );
}

/** Options of all commands that this one does not follow, by the names that they are typed with. */
function optionsOf(command: Command): Readonly<Record<string, unknown>> {
  const { runtime, precision } = command.optsWithGlobals();
  return { '--runtime': runtime, '--precision': precision };
}

const SPEEDS =
  'GFLOP/s: 10⁹ operations a second of one convolution; backward: the same of its gradients, which training needs. More is faster.';

/** Reports whose remedies name the command as people type it here. */
export const asTyped = (reports: readonly RuntimeReport[], netspace: string): readonly RuntimeReport[] =>
  reports.map(({ remedy, ...report }) => ({
    ...report,
    ...(remedy !== undefined && { remedy: remedy.replaceAll(/\bnetspace (?=runtime )/g, `${netspace} `) }),
  }));

/** On a busy machine threads wait for each other, and are slower than one. On an idle one they are many times as fast as plain JavaScript. */
export const waitingThreads = (reports: readonly Pick<RuntimeReport, 'name' | 'threads' | 'gflopsForward'>[]): readonly string[] => {
  const [wasm, cpu] = (['wasm', 'cpu'] as const).map((name) => reports.find((report) => report.name === name));
  const { threads = 1, gflopsForward = Infinity } = wasm ?? {};
  if (threads < 2 || gflopsForward >= 2 * (cpu?.gflopsForward ?? 0)) return [];
  return [
    `wasm: its ${threads} threads wait for each other, because other programs use the cores; NETSPACE_THREADS=1 in the environment is faster now`,
  ];
};

/** Two digits of slow runtimes: plain JavaScript has a fraction of one GFLOP/s. */
const speedText = (gflops: number): string => (gflops < 9.95 ? String(Number(gflops.toPrecision(2))) : gflops.toFixed(0));
