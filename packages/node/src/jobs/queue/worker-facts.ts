import { freemem, hostname } from 'node:os';

import { NetSpaceError } from '@netspace/prep';
import { objectOf, parseOptions, text, type UsedBy, whole } from '@netspace/prep/internal';

import type { SelectedRuntime } from '../../runtime/select-runtime.js';

const MEBIBYTE = 2 ** 20;

/** What a worker has. */
export const workerFacts = objectOf({
  /** Machine and process. */
  worker: text,
  runtime: text,
  device: text,
  /** Jobs at once. */
  concurrency: whole,
  /** That each job may use; 0 on a GPU. */
  threads: whole,
  /** Memory for each job, in MiB. */
  memory: whole,
});
export type WorkerFacts = UsedBy<typeof workerFacts>;

/** How a worker runs jobs. */
interface WorkerOptions {
  readonly concurrency: number;
  readonly threads: number;
  /** For each job, in GiB, in place of what is free. */
  readonly memory?: number | undefined;
}

/** What this worker has: a runtime as `netspace doctor` finds it, and memory that is free now, in equal parts for its jobs at once. */
export function factsOf(runtime: SelectedRuntime, { concurrency, threads, memory }: WorkerOptions): WorkerFacts {
  const { name, device, memoryBytes = Infinity } = runtime;
  const available = 'availableMemory' in process ? process.availableMemory() : freemem(); // in a container: what is left of its limit
  const free = Math.min(memoryBytes, available / concurrency);
  return {
    ...{ worker: `${hostname()}:${process.pid}`, runtime: name, device, concurrency },
    threads: runtime.threads === undefined ? 0 : threads,
    memory: Math.floor(memory === undefined ? free / MEBIBYTE : 1024 * memory),
  };
}

/** As the name of a connection to the queue, which has no blanks. */
export const nameOfFacts = (facts: WorkerFacts): string => Buffer.from(JSON.stringify(facts)).toString('base64url');

/** What a name says, which anybody who reaches the queue may have written; undefined if it is no worker's. */
export function factsOfName(name: string): WorkerFacts | undefined {
  try {
    return parseOptions('worker', workerFacts, JSON.parse(Buffer.from(name, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** The classes of memory that a worker has room for. */
export function fittingFor(needs: readonly number[], { memory, concurrency }: WorkerFacts): readonly number[] {
  const fitting = needs.filter((need) => need <= memory);
  if (fitting.length > 0) return fitting;
  const least = Math.min(...needs);
  throw new NetSpaceError(
    'LIMIT_EXCEEDED',
    `worker: expected ${gibibytes(least)} of free memory for each of ${concurrency} jobs at once, as the build's smallest need, got ${gibibytes(memory)}; lower --concurrency, or atOnce of the recipe; --memory says it if the estimate is wrong`,
  );
}

/** MiB in words. */
export const gibibytes = (mebibytes: number): string => `${Number((mebibytes / 1024).toPrecision(3))} GiB`;

/** What a worker has, in words. */
export const textOfFacts = ({ runtime, device, concurrency, threads, memory }: WorkerFacts): string =>
  `${runtime} (${device}), ${concurrency === 1 ? 'one job' : `${concurrency} jobs`} at once of up to ${gibibytes(memory)}${threads === 0 ? '' : ` and ${threads === 1 ? 'one thread' : `${threads} threads`} each`}`;
