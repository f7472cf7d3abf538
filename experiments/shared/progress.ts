import type { Progress } from './experiment.js';

const EVERY_MS = 20_000;

/** Lines on stderr, at most one every 20 seconds: as readable in a log file as on a terminal. */
export function progressLines(label: string, total: number, log: (message: string) => void): Progress {
  const started = performance.now();
  let last = started;
  const line = (done: number, note?: string): void =>
    log(`${label}: ${done} of ${total}${note === undefined ? '' : `, ${note}`} (${Math.round((performance.now() - started) / 1000)} s)`);
  return {
    update(done, note) {
      if (performance.now() - last < EVERY_MS) return;
      last = performance.now();
      line(done, note);
    },
    stop: () => undefined,
  };
}
