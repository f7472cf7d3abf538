import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Span } from './spans.js';

/** The time of a stage so far. */
export interface StageTime {
  /** When it ran. A run that is stopped leaves one span, and the resumed run adds the next. */
  readonly spans: readonly Span[];
  /** Seconds of the processor, all cores together. */
  readonly cpuSeconds: number;
}

const NONE: StageTime = { spans: [], cpuSeconds: 0 };
const WRITE_EVERY_MS = 10_000;

/**
 * Measures stages of a run and keeps the time of each in a small file. A run that was killed still counts, and so does one in another
 * process.
 *
 * @param folder of the files
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { secondsCovered, stageClock } from '@netspace/node';
 *
 * const clock = stageClock(await mkdtemp(join(tmpdir(), 'stages-')));
 * await clock.time('zoo', async () => new Promise((resolve) => setTimeout(resolve, 20)));
 * console.log(secondsCovered(clock.times()['zoo']!.spans) < 10); // true
 * ```
 */
export function stageClock(folder: string) {
  const times = new Map<string, StageTime>();
  const fileOf = (name: string): string => join(folder, `${name}.json`);
  return {
    /** The stages of this process, with their total times. */
    times: (): Readonly<Record<string, StageTime>> => Object.fromEntries(times),
    async time<T>(name: string, work: () => Promise<T>): Promise<T> {
      const before = readTime(fileOf(name));
      const watch = stopwatch();
      const write = (): void => {
        const { span, cpuSeconds } = watch();
        const now = { spans: [...before.spans, span], cpuSeconds: before.cpuSeconds + cpuSeconds };
        times.set(name, now);
        writeTime(fileOf(name), now);
      };
      const timer = setInterval(write, WRITE_EVERY_MS);
      try {
        return await work();
      } finally {
        clearInterval(timer);
        write();
      }
    },
  };
}

/**
 * Starts a stopwatch. The function that it returns reads it: when it ran, and how many seconds of the processor it took, all cores
 * together.
 *
 *
 * @example
 * ```ts
 * import { stopwatch } from '@netspace/node';
 *
 * const read = stopwatch();
 * const { span, cpuSeconds } = read();
 * console.log(span[1] >= span[0], cpuSeconds >= 0); // true true
 * ```
 */
export function stopwatch(): () => { readonly span: Span; readonly cpuSeconds: number } {
  const from = Date.now() / 1000;
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { span: [from, Date.now() / 1000], cpuSeconds: (user + system) / 1e6 };
  };
}

function readTime(path: string): StageTime {
  try {
    return { ...NONE, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<StageTime>) };
  } catch {
    return NONE;
  }
}

function writeTime(path: string, time: StageTime): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(time));
  renameSync(`${path}.new`, path);
}
