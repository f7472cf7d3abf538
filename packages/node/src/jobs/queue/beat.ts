import { randomBytes } from 'node:crypto';

import type { JobQueue } from '@netspace/queue';

import type { JobFolder } from '../folder/job-folder.js';

/** How often a command beats, in milliseconds. A beat into a bucket costs a request. */
export const BEAT_EVERY_MS = { folder: 2000, bucket: 30_000 } as const;

interface BeatPlaces {
  readonly folder: Pick<JobFolder, 'writeBeat' | 'readBeat'>;
  readonly queue: Pick<JobQueue<never>, 'tell' | 'told'>;
}

/**
 * Makes the beat of a command that plans jobs: a text that is new each time, in its folder and in its queue. A worker that sees only one of them change
 * has another folder, such as a copy, or another queue. Nothing waits for a beat, and no job depends on it.
 */
export function makeBeat({ folder, queue }: BeatPlaces, everyMs: number): Beat {
  const run = randomBytes(4).toString('hex');
  let [count, last, isBeating] = [0, -Infinity, false];
  let writing: Promise<unknown> = Promise.resolve();
  return {
    beat: () => {
      if (isBeating || performance.now() - last < everyMs) return;
      [isBeating, last] = [true, performance.now()];
      const text = `${run}-${++count}`;
      const written = folder.writeBeat(text); // first: where it cannot be written, the queue says nothing either
      writing = written.catch(() => undefined);
      void written
        .then(() => queue.tell(text))
        .catch(() => undefined)
        .finally(() => (isBeating = false));
    },
    settled: async () => void (await writing),
  };
}

interface Beat {
  /** Beats, unless it did so a moment ago. */
  readonly beat: () => void;
  /** Resolves when nothing is written into the folder any more. */
  readonly settled: () => Promise<void>;
}

/** What a worker knows of the command that plans its jobs: nothing yet or all is well, where it beats without the worker, or that it does not beat. */
export type Beating = 'well' | 'not in the folder' | 'not in the queue' | 'nowhere';

/**
 * Watches the beat of a command.
 *
 * @param patienceMs how long no beat is seen at a place before that is told
 * @returns looks again, without waiting for it, and tells what is known
 */
export function watchBeat({ folder, queue }: BeatPlaces, patienceMs: number): () => Beating {
  const inFolder = place();
  const inQueue = place();
  let isLooking = false;
  const look = async (): Promise<void> => {
    const texts = [await folder.readBeat(), await queue.told()] as const;
    const news = [inFolder.see(texts[0]), inQueue.see(texts[1])] as const;
    if (news[0]) inQueue.missed++;
    if (news[1]) inFolder.missed++;
    if (news[0]) inFolder.missed = 0;
    if (news[1]) inQueue.missed = 0;
  };
  return () => {
    if (!isLooking) {
      isLooking = true;
      void look()
        .catch(() => undefined) // a folder that is away is told by others
        .finally(() => (isLooking = false));
    }
    const [late, queueLate] = [inFolder.isLate(patienceMs), inQueue.isLate(patienceMs)];
    if (late && inFolder.missed >= ENOUGH) return 'not in the folder';
    if (queueLate && inQueue.missed >= ENOUGH) return 'not in the queue';
    return late && queueLate ? 'nowhere' : 'well';
  };
}

/** So many beats at one place alone are no accident. */
const ENOUGH = 2;

/** A place where beats are seen. */
function place() {
  let text: string | undefined;
  let seen = performance.now();
  return {
    /** Beats that only the other place has had since the last one here. */
    missed: 0,
    /** Whether this is news. */
    see(now: string | undefined): boolean {
      if (now === undefined || now === text) return false;
      [text, seen] = [now, performance.now()];
      return true;
    },
    isLate: (patienceMs: number): boolean => performance.now() - seen > patienceMs,
  };
}
