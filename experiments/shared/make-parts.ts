import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

import { NetSpaceError } from '@netspace/prep';
import pMap from 'p-map';

import type { Context, Part, Phases } from './experiment.js';

/**
 * Makes each phase's parts in processes of their own, `processes` at once, the first ones first: the program that runs, with its
 * arguments and `--part NAME`. A part that is alone in its phase is made in this process, which has all cores then.
 *
 * @throws {NetSpaceError} `ABORTED` if `context.signal` is aborted; the processes save their work
 * @throws {Error} if a process fails; the others are stopped
 */
export async function makeParts(phases: Phases, context: Context, { processes }: { readonly processes: number }): Promise<void> {
  for (const parts of phases) {
    if (parts.length === 1) await parts[0]!.make(context);
    else await sideBySide(parts, context, processes);
  }
}

/** The part of that name, in this process. */
export async function makePart(phases: Phases, name: string, context: Context): Promise<void> {
  const parts = phases.flat();
  const part = parts.find((one) => one.name === name);
  if (part === undefined) throw new Error(`expected a part, one of ${parts.map((one) => one.name).join(', ')}; got ${name}`);
  await part.make(context);
}

async function sideBySide(parts: readonly Part[], { signal }: Context, processes: number): Promise<void> {
  const threads = Math.max(1, Math.floor(availableParallelism() / processes));
  const stop = new AbortController();
  const running: Promise<void>[] = [];
  const make = ({ name }: Part): Promise<void> => {
    const ended = inProcess(name, { threads, signal: stop.signal });
    running.push(ended);
    return ended;
  };
  try {
    await pMap(parts, make, { concurrency: processes, signal });
  } catch (error) {
    stop.abort();
    await Promise.allSettled(running); // they save their work first
    throw signal.aborted ? new NetSpaceError('ABORTED', 'makeParts: stopped by its signal') : error;
  }
}

async function inProcess(name: string, { threads, signal }: { readonly threads: number; readonly signal: AbortSignal }): Promise<void> {
  const count = String(threads);
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1), '--part', name], {
    stdio: 'inherit',
    env: { ...process.env, NETSPACE_THREADS: count, OMP_NUM_THREADS: count, TF_NUM_INTRAOP_THREADS: count },
  });
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  signal.removeEventListener('abort', end);
  if (code !== 0) throw new Error(`part ${name}: its process ended with ${code ?? killedBy}`);
}
