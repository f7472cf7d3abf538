import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  update(done: number, note?: string): void;
  stop(): void;
}

const LINE_EVERY = 10_000; // milliseconds, where there is no terminal

/** A bar on stderr if that is a terminal; else a line now and then, which logs keep. */
export function makeProgress(label: string, total: number, { quiet }: { readonly quiet: boolean }): Progress {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  return process.stderr.isTTY ? bar(label, total) : lines(label, total);
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

function lines(label: string, total: number): Progress {
  let next = Date.now() + LINE_EVERY;
  let last = '';
  return {
    update(done, note = last) {
      last = note;
      if (Date.now() < next) return;
      next = Date.now() + LINE_EVERY;
      process.stderr.write(`${label}: ${done} of ${total}${note === '' ? '' : `, ${note}`}\n`);
    },
    stop: () => undefined,
  };
}
