import { readFileSync } from 'node:fs';

import { isByNpx } from '../called.js';

interface Watched {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly every?: number;
  readonly parents?: () => string;
}

/** Milliseconds between two looks. */
const EVERY = 2000;

/**
 * Calls a function when the process that started this one ends before it does, and returns what ends the watch. `npx` puts a shell between
 * itself and a command, and does not take it along when it is killed: a server would run on, and keep its port.
 *
 * Where npx has not started this process, as its environment says, somebody may have meant it to run on: nothing is watched.
 */
export function whenOrphaned(then: () => void, { env = process.env, every = EVERY, parents = ourParents }: Watched = {}): () => void {
  if (!isByNpx(env)) return () => undefined;
  const before = parents();
  const timer = setInterval(() => {
    if (parents() === before) return;
    clearInterval(timer);
    then();
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}

/** The process that started this one, and the one before it. */
const ourParents = (): string => `${process.ppid} ${parentOf(process.ppid)}`;

/** Where the system tells (Linux): the process that started another one. */
function parentOf(pid: number): string | undefined {
  try {
    return /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
  } catch {
    return undefined;
  }
}
