import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { checkpointFile, directoryFiles, readMetrics } from '@netspace/node';
import { randomAt } from '@netspace/train/internal';
import { openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { withFolderLock } from '../../packages/node/src/files/folder-lock.js';
import { readCheckpoint } from '../../packages/train/src/checkpoint/checkpoint.js';
import { endOf, startChild } from './child.js';
import type { TrialOptions, Trials } from './trial.js';

/** What a process does until it is killed. */
interface KilledWork {
  readonly kind: 'zoo' | 'train';
  /** How many whole things are in the folder; throws if something is there that is not whole. */
  found(folder: string): Promise<number>;
  /** Files that are the same however often the work was killed. */
  readonly results: readonly string[];
}

export const zooWork: KilledWork = {
  kind: 'zoo',
  async found(folder) {
    const store = openInstanceStore(directoryFiles(folder));
    const problems = await store.verify();
    if (problems.length > 0) throw new Error(problems.map(({ name, problem }) => `${name}: ${problem}`).join('; '));
    return (await store.list()).length;
  },
  results: ['manifest.json', 'index/000000.jsonl', 'shards/000000.bin', 'metrics.jsonl'],
};

export const spaceWork: KilledWork = {
  kind: 'train',
  async found(folder) {
    const checkpoint = await readCheckpoint(checkpointFile(join(folder, 'checkpoint.safetensors')));
    tf.dispose({ ...checkpoint?.tensors });
    const step = checkpoint?.step ?? 0;
    const measured = (await readMetrics(join(folder, 'metrics.jsonl'))).map((record) => record.step);
    if (Array.from({ length: step }, (_, i) => i + 1).some((past) => !measured.includes(past))) {
      throw new Error(`a checkpoint of step ${step}, and metrics of ${measured.length} steps`);
    }
    return step;
  },
  results: ['checkpoint.safetensors', 'space.json', 'metrics.jsonl'],
};

/** Kills the work at random moments, again and again in the same folder until it is done, then begins anew. */
export const kills =
  (work: KilledWork) =>
  async ({ tries, seed }: TrialOptions): Promise<Trials> => {
    const places: string[] = [];
    const newPlace = async (): Promise<string> => {
      places.push(await mkdtemp(join(tmpdir(), 'netspace-kill-')));
      return places.at(-1)!;
    };
    const lost: string[] = [];
    try {
      const undisturbed = await newPlace();
      const whole = await runUntil(work, undisturbed, Infinity);
      const expected = await resultOf(work, undisturbed);
      let place = await newPlace();
      let tried = 0;
      for (let turn = 0; tried < tries; turn++) {
        const random = randomAt(seed, work.kind, turn);
        const { done, kept } = await runUntil(work, place, (whole.ms * random.below(1000)) / 1000);
        if (!done) tried++;
        const label = `${work.kind}, seed ${seed}, turn ${turn}`;
        try {
          const found = await work.found(place);
          if (found < kept) lost.push(`${label}: ${found} of ${kept} left`);
          // The last place is finished, too: every kill is followed by a run to the end.
          if (!done && tried === tries) await runUntil(work, place, Infinity);
          if (done || tried === tries) {
            if ((await resultOf(work, place)) !== expected) lost.push(`${label}: another result`);
            const drafts = await draftsAfterAWhile(place);
            if (drafts.length > 0) lost.push(`${label}: ${drafts.join(', ')} stay`);
            place = await newPlace();
          }
        } catch (error) {
          lost.push(`${label}: ${String(error)}`);
          place = await newPlace();
        }
      }
      return { tried, lost };
    } finally {
      for (const place of places) await rm(place, { recursive: true, force: true });
    }
  };

/** Runs the work until it ends, or kills it after some time. */
async function runUntil({ kind }: KilledWork, folder: string, ms: number) {
  const child = await startChild('kill-child.ts', [kind, folder]);
  let kept = 0;
  child.on('message', (count: number) => (kept = count));
  const start = performance.now();
  child.send('go');
  const ended = endOf(child);
  const controller = new AbortController();
  if (ms < Infinity) await Promise.race([ended, setTimeout(ms, undefined, { signal: controller.signal })]);
  else await ended;
  controller.abort();
  child.kill('SIGKILL');
  const end = await ended;
  if (end !== 0 && end !== 'SIGKILL') throw new Error(`${kind} ended with ${end}`);
  return { done: end === 0, kept, ms: performance.now() - start };
}

export async function resultOf({ results }: Pick<KilledWork, 'results'>, folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of results) hash.update(await readFile(join(folder, name)));
  return hash.digest('hex');
}

/** Drafts that are still there when they are old and somebody takes the folder's lock. */
async function draftsAfterAWhile(folder: string): Promise<string[]> {
  const drafts = async () => (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp'));
  const old = Date.now() / 1000 - 2 * 3600;
  for (const name of await drafts()) await utimes(join(folder, name), old, old);
  await directoryFiles(folder).exclusive!(() => Promise.resolve());
  await withFolderLock(folder, () => Promise.resolve());
  return drafts();
}
