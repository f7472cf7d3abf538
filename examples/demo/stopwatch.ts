/** Times the parts of a run, in seconds. */
export interface Stopwatch {
  readonly seconds: Readonly<Record<string, number>>;
  /** Runs a part and notes how long it took. */
  time<T>(part: string, work: () => Promise<T>): Promise<T>;
}

export function stopwatch(announce: (part: string, seconds?: number) => void): Stopwatch {
  const seconds: Record<string, number> = {};
  return {
    seconds,
    async time(part, work) {
      announce(part);
      const start = performance.now();
      const result = await work();
      seconds[part] = Number(((performance.now() - start) / 1000).toFixed(1));
      announce(part, seconds[part]);
      return result;
    },
  };
}
