import { functionOf, type GivenBy, nonNegative, objectOf, parseOptions, withDefault } from '@netspace/prep/internal';
import { Presets, SingleBar } from 'cli-progress';

/** Reports progress. */
export interface Progress {
  update(done: number, note?: string): void;
  stop(): void;
}

/** A bar on stderr if that is a terminal; else a line from time to time, which logs keep. */
export function makeProgress(label: string, total: number, { quiet }: { readonly quiet: boolean }): Progress {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  return process.stderr.isTTY ? bar(label, total) : progressLines(label, total);
}

function bar(label: string, total: number): Progress {
  const format = `${label} {bar} {value}/{total} · {eta_formatted} left {note}`;
  const single = new SingleBar({ format, stream: process.stderr, hideCursor: true, etaBuffer: 50 }, Presets.shades_grey);
  single.start(total, 0, { note: '' });
  let last = '';
  return {
    update: (done, note = last) => {
      last = note;
      single.update(done, { note: note === '' ? '' : `· ${note}` });
    },
    stop: () => single.stop(),
  };
}

/** See {@link ProgressLinesOptions}. */
export const progressLinesOptions = objectOf({
  /**
   * Least time between two lines, in milliseconds.
   * @default 10_000
   */
  everyMs: withDefault(nonNegative, 10_000),
  /**
   * Receives each line, without its line end.
   * @default writes to stderr
   */
  write: withDefault(functionOf<(line: string) => void>(), (line: string) => void process.stderr.write(`${line}\n`)),
});

/** Options of {@link progressLines}. */
export interface ProgressLinesOptions extends GivenBy<typeof progressLinesOptions> {}

/**
 * Reports progress as lines, at most one every `everyMs` milliseconds, with the last note. Lines can be read in a log file, and on a
 * terminal that other programs write to as well.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong
 * @example
 * ```ts
 * import { progressLines } from '@netspace/node';
 *
 * const lines: string[] = [];
 * const progress = progressLines('training', 100, { everyMs: 0, write: (line) => void lines.push(line) });
 * progress.update(1, 'loss 2.3');
 * progress.stop();
 * console.log(lines[0]!.includes('loss 2.3')); // true
 * ```
 */
export function progressLines(label: string, total: number, options: ProgressLinesOptions = {}): Progress {
  const { everyMs, write } = parseOptions('progressLines', progressLinesOptions, options);
  let next = Date.now() + everyMs;
  let last = '';
  return {
    update(done, note = last) {
      last = note;
      if (Date.now() < next) return;
      next = Date.now() + everyMs;
      write(`${label}: ${done} of ${total}${note === '' ? '' : `, ${note}`}`);
    },
    stop: () => undefined,
  };
}
