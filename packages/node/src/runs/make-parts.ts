import { once } from 'node:events';
import { availableParallelism } from 'node:os';

import { NetSpaceError } from '@netspace/prep';
import { count, type GivenBy, objectOf, parseOptions } from '@netspace/prep/internal';
import pMap from 'p-map';

import { followParent, spawnTied } from '../runtime/process/tied-child.js';

/** Something that is made once and kept, so that later runs find it: a zoo, a space. */
export interface Part<Context> {
  readonly name: string;
  make(context: Context): Promise<unknown>;
}

/**
 * Phases of work. They run one after the other; the parts of a phase run at the same time. No two parts of a phase may make the same thing.
 * The longest parts should come first.
 */
export type Phases<Context> = readonly (readonly Part<Context>[])[];

/** See {@link MakePartsOptions}. */
export const makePartsOptions = objectOf({
  /** How many parts run at once. */
  processes: count,
});

/** Options of {@link makeParts}. */
export interface MakePartsOptions extends GivenBy<typeof makePartsOptions> {}

/**
 * Makes the parts of each phase in separate processes, `processes` at once, in order. Each process runs this program with its arguments and
 * `--part NAME`. A part that is alone in its phase is made in this process, which then has all cores.
 *
 * @throws NetSpaceError `ABORTED` if `context.signal` is aborted; the processes save their work; `INVALID_OPTION` for options that are
 * unknown, missing or wrong
 * @throws Error if a process fails; the others are stopped
 * @example
 * ```ts no-run
 * import { makePart, makeParts, type Phases } from '@netspace/node';
 *
 * const context = { signal: new AbortController().signal };
 * const part = (name: string) => ({ name, make: async () => console.log(name) });
 * const phases: Phases<typeof context> = [[part('zoo')], [part('one space'), part('another space')]];
 * const at = process.argv.indexOf('--part');
 * if (at < 0) await makeParts(phases, context, { processes: 2 });
 * else await makePart(phases, process.argv[at + 1]!, context);
 * ```
 */
export async function makeParts<Context extends { readonly signal: AbortSignal }>(
  phases: Phases<Context>,
  context: Context,
  options: MakePartsOptions,
): Promise<void> {
  const { processes } = parseOptions('makeParts', makePartsOptions, options);
  for (const parts of phases) {
    if (parts.length === 1) await parts[0]!.make(context);
    else await sideBySide(parts, context.signal, processes);
  }
}

/**
 * Makes the part of that name, in this process. If {@link makeParts} has started it and vanishes, the process gets a SIGTERM.
 *
 * @throws Error if there is none, naming all
 * @see {@link makeParts}, which calls it in each process
 * @example
 * ```ts
 * import { makePart, type Phases } from '@netspace/node';
 *
 * const made: string[] = [];
 * const phases: Phases<string> = [[{ name: 'zoo', make: async (size) => void made.push(`${size} zoo`) }]];
 * await makePart(phases, 'zoo', 'small');
 * console.log(made); // [ 'small zoo' ]
 * ```
 */
export async function makePart<Context>(phases: Phases<Context>, name: string, context: Context): Promise<void> {
  followParent();
  const parts = phases.flat();
  const part = parts.find((one) => one.name === name);
  if (part === undefined) throw new Error(`expected a part, one of ${parts.map((one) => one.name).join(', ')}; got ${name}`);
  await part.make(context);
}

async function sideBySide(parts: readonly { readonly name: string }[], signal: AbortSignal, processes: number): Promise<void> {
  const threads = Math.max(1, Math.floor(availableParallelism() / processes));
  const stop = new AbortController();
  const running: Promise<void>[] = [];
  const make = ({ name }: { readonly name: string }): Promise<void> => {
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
  const child = spawnTied({
    args: [...process.execArgv, ...process.argv.slice(1), '--part', name],
    env: { NETSPACE_THREADS: count, OMP_NUM_THREADS: count, TF_NUM_INTRAOP_THREADS: count },
  });
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  signal.removeEventListener('abort', end);
  if (code !== 0) throw new Error(`part ${name}: its process ended with ${code ?? killedBy}`);
}
