import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import type { FolderLockOptions } from '../folder-lock.js';
import { isGone, lockOwner } from '../lock-owner.js';
import type { S3Objects } from './s3-objects.js';

/** A lock that this process holds. */
export interface S3Lease {
  /** Whether it is still held. What has been read of the store before is then not older than what others have written. */
  isHeld(): Promise<boolean>;
}

interface LeaseOptions extends Pick<FolderLockOptions, 'timeoutMs' | 'busy' | 'onWait' | 'signal' | 'name'> {
  /** The place, for messages. */
  readonly place: string;
  /** An owner that gives no sign of life for so long has lost it. It gives one after a third of that time. */
  readonly leaseMs: number;
}

interface Held {
  readonly etag: string;
  /** Undefined if it is free. */
  readonly owner: string | undefined;
}

/**
 * Runs a task while no other process holds a lock of the store: an object that is made, renewed and taken over by conditional writes. Whether
 * an owner is gone is seen by its object not changing, so clocks of machines need not agree.
 *
 * @throws NetSpaceError `UNAVAILABLE` if another process holds it all that time, `ABORTED` when the signal stopped the wait
 */
export async function withS3Lease<T>(objects: S3Objects, task: (lease: S3Lease) => Promise<T>, options: LeaseOptions): Promise<T> {
  const { name: path = '.lock', leaseMs } = options;
  let [etag, begun] = (await acquired(objects, path, options)) as [string | undefined, number];
  let renewing: Promise<unknown> = Promise.resolve();
  const renew = (): Promise<void> => {
    const run = renewing.then(async () => {
      const from = performance.now();
      if (etag !== undefined) etag = await objects.put(path, await contentOf(true), { is: etag });
      begun = from;
    });
    renewing = run.catch(() => undefined); // a store that is away: the next sign may come in time
    return run;
  };
  const timer = setInterval(() => void renew().catch(() => undefined), leaseMs / 3);
  try {
    return await task({
      async isHeld() {
        if (performance.now() - begun > leaseMs / 2) await renew();
        return etag !== undefined;
      },
    });
  } finally {
    clearInterval(timer);
    await renewing;
    if (etag !== undefined) await objects.put(path, await contentOf(false), { is: etag }).catch(() => undefined); // it runs out by itself
  }
}

async function acquired(
  objects: S3Objects,
  path: string,
  { place, leaseMs, timeoutMs = 60_000, busy, onWait, signal }: LeaseOptions,
): Promise<[etag: string, begun: number]> {
  const deadline = performance.now() + timeoutMs;
  let seen: { readonly etag: string; readonly since: number } | undefined;
  for (let waits = 0; ; waits++) {
    const held = await read(objects, path);
    const now = performance.now();
    const isSilent = held !== undefined && seen?.etag === held.etag && now - seen.since > leaseMs;
    if (held?.owner === undefined || isSilent || (await isGone(held.owner))) {
      const etag = await objects.put(path, await contentOf(true), held === undefined ? 'absent' : { is: held.etag });
      if (etag !== undefined) {
        await assertConditions(objects, path, place);
        return [etag, now];
      }
    } else {
      if (seen?.etag !== held.etag) seen = { etag: held.etag, since: now };
      if (waits === 5) onWait?.(held.owner);
      if (now > deadline) {
        throw new NetSpaceError(
          'UNAVAILABLE',
          busy?.(held.owner) ??
            `s3Files: expected ${place} to become free within ${timeoutMs / 1000} s, got a lock of process ${held.owner}`,
        );
      }
    }
    if (signal?.aborted) throw new NetSpaceError('ABORTED', `s3Files: stopped by its signal while another process held ${place}`);
    await setTimeout(Math.min(50 * 2 ** waits, 1000) * (0.5 + Math.random() / 2));
  }
}

async function read(objects: S3Objects, path: string): Promise<Held | undefined> {
  try {
    const { bytes, etag } = await objects.get(path);
    const [state, owner] = new TextDecoder().decode(bytes).split('\n');
    return { etag, owner: state === 'held' ? owner : undefined };
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Places that have shown that they keep conditions. */
const checked = new Set<string>();

/** Refuses a store that writes whatever the condition says: adders would write over one another. */
async function assertConditions(objects: S3Objects, path: string, place: string): Promise<void> {
  if (checked.has(place)) return;
  for (const condition of ['absent', { is: '"00000000000000000000000000000000"' }] as const) {
    if ((await objects.put(path, await contentOf(false), condition)) === undefined) continue;
    throw new NetSpaceError(
      'UNSUPPORTED',
      `s3Files: expected a store that keeps If-None-Match and If-Match of writes at ${place}, got one that ignores them; update the store, or build in a folder`,
    );
  }
  checked.add(place);
}

/** Other bytes each time, so that its version changes. */
const contentOf = async (held: boolean): Promise<Uint8Array> =>
  new TextEncoder().encode(`${held ? 'held' : 'free'}\n${(await lockOwner()).trim()}\n${randomUUID()}\n`);
