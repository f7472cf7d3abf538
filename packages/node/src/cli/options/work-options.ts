import { NetSpaceError } from '@netspace/prep';
import { type Command, Option } from 'commander';

import { checkQueue } from '../../jobs/queue/open-queue.js';
import type { SelectedRuntime } from '../../runtime/select-runtime.js';
import { CLI_LIMITS, countOption } from './number-option.js';

/** Where the jobs of a command run. */
export interface WorkOptions {
  readonly concurrency?: number;
  readonly queue?: string;
  readonly metrics?: string;
  readonly telemetry?: boolean;
}

/** Adds `--concurrency`, `--queue`, `--metrics` and `--telemetry` to a command. */
export const addWorkOptions = (command: Command): Command =>
  command
    .option('--concurrency <n>', 'run this many jobs at once, each in a process of its own', countOption(CLI_LIMITS.processes))
    .addOption(
      new Option(
        '--queue <url>',
        'run them on all machines that run netspace worker: Redis or Valkey, such as redis://HOST; a password may be in NETSPACE_QUEUE_PASSWORD',
      ).conflicts('concurrency'),
    )
    .option('--metrics <port>', 'with --queue: answer http://HOST:PORT/metrics for Prometheus; 127.0.0.1:PORT keeps it to this machine')
    .option('--telemetry', 'with --queue: trace and measure through the OpenTelemetry SDK that NODE_OPTIONS loads')
    .hook('preAction', refuseWithoutQueue);

/** Options that say something of a queue. */
const OF_QUEUE = ['metrics', 'telemetry'] as const;

function refuseWithoutQueue(command: Command): void {
  const options = command.opts<WorkOptions>();
  const name = OF_QUEUE.find((one) => options[one] !== undefined);
  if (name === undefined || options.queue !== undefined) return;
  const call = command.parent?.name() === 'zoo' ? `zoo ${command.name()}` : command.name();
  throw new NetSpaceError('INVALID_OPTION', `${call}: expected --queue with --${name}, got none; leave out --${name}, or name a queue`);
}

/** These options as they were given, for a command that goes on. */
export const workArguments = ({ concurrency, queue, metrics, telemetry }: WorkOptions): readonly string[] => [
  ...(concurrency === undefined ? [] : ['--concurrency', String(concurrency)]),
  ...(queue === undefined ? [] : ['--queue', withoutPassword(queue)]),
  ...(metrics === undefined ? [] : ['--metrics', metrics]),
  ...(telemetry === true ? ['--telemetry'] : []),
];

/** Refuses what cannot be done before anything is written: several processes on one GPU, a queue whose server does not answer. */
export async function checkWork(call: string, { concurrency, queue }: WorkOptions, runtime: SelectedRuntime): Promise<void> {
  checkConcurrency(call, concurrency, runtime);
  if (queue !== undefined) await checkQueue(queue);
}

/** Refuses several processes on one GPU, of which the first takes all memory. */
export function checkConcurrency(call: string, concurrency: number | undefined, { name }: SelectedRuntime): void {
  if (concurrency === undefined || concurrency === 1 || !['tensorflow-gpu', 'webgpu'].includes(name)) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected --concurrency 1 with ${name}, got ${concurrency}: one process uses the whole GPU; leave it out, or take another --runtime`,
  );
}

/** An address as it may be shown: with the user, without the password. */
const withoutPassword = (url: string): string =>
  url.replace(/\/\/([^:@/]*)[^@/]*@/, (_, user: string) => (user === '' ? '//' : `//${user}@`));
