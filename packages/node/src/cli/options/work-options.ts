import { NetSpaceError } from '@netspace/prep';
import { type Command, Option } from 'commander';

import type { SelectedRuntime } from '../../runtime/select-runtime.js';
import { CLI_LIMITS, countOption } from './number-option.js';

/** Where the jobs of a command run. */
export interface WorkOptions {
  readonly concurrency?: number;
  readonly queue?: string;
}

/** Adds `--concurrency` and `--queue` to a command. */
export const addWorkOptions = (command: Command): Command =>
  command
    .option('--concurrency <n>', 'run this many jobs at once, each in a process of its own', countOption(CLI_LIMITS.processes))
    .addOption(
      new Option(
        '--queue <url>',
        'run them on all machines that run netspace worker: Redis or Valkey, such as redis://HOST; a password may be in NETSPACE_QUEUE_PASSWORD',
      ).conflicts('concurrency'),
    );

/** These options as they were given, for a command that goes on. */
export const workArguments = ({ concurrency, queue }: WorkOptions): readonly string[] => [
  ...(concurrency === undefined ? [] : ['--concurrency', String(concurrency)]),
  ...(queue === undefined ? [] : ['--queue', withoutPassword(queue)]),
];

/** Refuses several processes on one GPU, of which the first takes all memory. */
export function checkConcurrency(call: string, concurrency: number | undefined, { name }: SelectedRuntime): void {
  if (concurrency === undefined || concurrency === 1 || !['tensorflow-gpu', 'webgpu'].includes(name)) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected --concurrency 1 with ${name}, got ${concurrency}: one process uses the whole GPU; leave it out, or take another --runtime`,
  );
}

/** An address as it may be shown. */
const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');
