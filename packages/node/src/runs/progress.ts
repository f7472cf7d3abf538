import { functionOf, type GivenBy, nonNegative, objectOf, parseOptions, type UsedBy, withDefault } from '@netspace/prep/internal';
import { Presets, SingleBar } from 'cli-progress';

import { type Pace, paceMeter, rateText, timeLeftText } from './pace.js';

/** Reports progress. */
export interface Progress {
  update(done: number, note?: string): void;
  stop(): void;
}

/** How progress is shown. */
export interface ProgressStyle {
  readonly quiet: boolean;
  /** `percent`: for a total that is no number of things; neither it nor a rate is shown. */
  readonly as?: 'count' | 'percent';
}

/** A bar on stderr if that is a terminal; else a line from time to time, which logs keep. Both say how fast it goes and what time is left, once that can be told. */
export function makeProgress(label: string, total: number, { quiet, as = 'count' }: ProgressStyle): Progress {
  if (quiet || total === 0) return { update: () => undefined, stop: () => undefined };
  return process.stderr.isTTY
    ? bar(label, total, as)
    : lines(label, total, { as, ...parseOptions('makeProgress', progressLinesOptions, {}) });
}

function bar(label: string, total: number, as: 'count' | 'percent'): Progress {
  const format = `${label} {bar} ${as === 'count' ? '{value}/{total}' : '{percentage} %'}{pace}{note}`;
  const single = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_grey);
  single.start(total, 0, { note: '', pace: '' });
  const paceOf = paceMeter(total, { uneven: as === 'percent' });
  let last = '';
  return {
    update: (done, note = last) => {
      last = note;
      const pace = paceText(paceOf(done), as);
      single.update(done, { note: note === '' ? '' : ` · ${note}`, pace: pace === '' ? '' : ` · ${pace}` });
    },
    stop: () => single.stop(),
  };
}

const paceText = (pace: Pace | undefined, as: 'count' | 'percent'): string =>
  pace === undefined ? '' : `${as === 'count' ? `${rateText(pace)}, ` : ''}${timeLeftText(pace)}`;

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
 * Reports progress as lines, at most one every `everyMs` milliseconds, with the last note, and the rate and the time left once these can be told. Lines can be read in a log file, and on a
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
  return lines(label, total, { as: 'count', ...parseOptions('progressLines', progressLinesOptions, options) });
}

function lines(
  label: string,
  total: number,
  { everyMs, write, as }: UsedBy<typeof progressLinesOptions> & { readonly as: 'count' | 'percent' },
): Progress {
  const paceOf = paceMeter(total, { uneven: as === 'percent' });
  let next = Date.now() + everyMs;
  let last = '';
  return {
    update(done, note = last) {
      last = note;
      const pace = paceText(paceOf(done), as);
      if (Date.now() < next) return;
      next = Date.now() + everyMs;
      const share = as === 'count' ? `${done} of ${total}` : `${Math.floor((100 * done) / total)} %`;
      write([`${label}: ${share}`, note, pace].filter((part) => part !== '').join(', '));
    },
    stop: () => undefined,
  };
}
