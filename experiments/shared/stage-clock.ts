import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Seconds that a stage took so far, of the clock and of the processor (all cores together). */
export interface StageTime {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

const NONE: StageTime = { wallSeconds: 0, cpuSeconds: 0 };
const WRITE_EVERY_MS = 10_000;

/** Adds up the time of stages in one small file each, so that a run that was killed still counts. */
export function stageClock(folder: string) {
  const times = new Map<string, StageTime>();
  const fileOf = (name: string): string => join(folder, `${name}.json`);
  return {
    /** The stages that this process went through, with their time in all. */
    times: (): Readonly<Record<string, StageTime>> => Object.fromEntries(times),
    async time<T>(name: string, work: () => Promise<T>): Promise<T> {
      const before = readTime(fileOf(name));
      const [wall, cpu] = [performance.now(), process.cpuUsage()];
      const write = (): void => {
        const { user, system } = process.cpuUsage(cpu);
        const now = {
          wallSeconds: before.wallSeconds + (performance.now() - wall) / 1000,
          cpuSeconds: before.cpuSeconds + (user + system) / 1e6,
        };
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

function readTime(path: string): StageTime {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StageTime;
  } catch {
    return NONE;
  }
}

function writeTime(path: string, time: StageTime): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(time));
  renameSync(`${path}.new`, path);
}
