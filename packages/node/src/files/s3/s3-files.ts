import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, parseOptions, positive, withDefault } from '@netspace/prep/internal';
import type { StoreFiles } from '@netspace/zoo';
import { shorter } from '@netspace/zoo/internal';

import type { FolderLockOptions } from '../folder-lock.js';
import { s3Client } from './s3-client.js';
import { type S3Lease, withS3Lease } from './s3-lease.js';
import { type Condition, type S3Objects, s3Objects, type S3Version } from './s3-objects.js';
import { s3Place } from './s3-place.js';

/** See {@link S3FilesOptions}. */
export const s3FilesOptions = objectOf({
  /**
   * How long a store that is away or busy is waited for, in milliseconds.
   * @default 120_000
   */
  patienceMs: withDefault(positive, 120_000),
  /**
   * An adder that gives no sign of life for so long has lost the store to the next one, in milliseconds.
   * @default 30_000
   */
  leaseMs: withDefault(positive, 30_000),
});

/** Options of {@link s3Files}. */
export interface S3FilesOptions extends GivenBy<typeof s3FilesOptions> {}

/**
 * The files under one prefix of a bucket, in Amazon S3 or a store that speaks its language, as an instance store reads and writes them.
 *
 * Each object appears as a whole. What an adder writes is conditional on the version that it has seen while it held the lock, so an adder that
 * was taken for dead cannot overwrite what others have added since. Bodies are sent with their SHA-256. A store that is away is waited for.
 *
 * Endpoint, region and keys come from the environment: `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`.
 *
 * @param address such as `s3://bucket/zoos/mine`
 * @throws NetSpaceError `INVALID_OPTION` for an address that is none or options that are unknown or wrong, `UNAVAILABLE` without keys; from its
 *   methods: `NOT_FOUND` if there is no such object, `UNAVAILABLE` if the store is away for too long, refuses, or another process has taken it
 *   over, `UNSUPPORTED` if it ignores conditions
 * @example
 * ```ts no-run
 * import { s3Files } from '@netspace/node';
 * import { openInstanceStore } from '@netspace/zoo';
 *
 * const store = openInstanceStore(s3Files('s3://my-bucket/zoos/mine'));
 * console.log((await store.list()).length); // 0
 * ```
 */
export function s3Files(address: string, options: S3FilesOptions = {}): StoreFiles {
  const { patienceMs, leaseMs } = parseOptions('s3Files', s3FilesOptions, options);
  const place = s3Place(address);
  const objects = s3Objects(place, s3Client(place, patienceMs));
  let adding: Versions | undefined;
  const conditionOf = async (path: string): Promise<Condition> => {
    if (adding === undefined) return undefined;
    const version = await adding.of(path);
    return version === undefined ? 'absent' : { is: version.etag };
  };
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    const etag = await objects.put(inside(path), bytes, await conditionOf(path));
    keep(path, etag, bytes.length);
  };
  /** Notes what a write has made. */
  const keep = (path: string, etag: string | undefined, size: number): void => {
    if (etag === undefined) throw takenOver(place.address);
    adding?.known.set(path, { etag, size });
  };
  return {
    read: async (path) => (await objects.get(inside(path))).bytes,
    readRange: (path, begin, end) => (end <= begin ? Promise.resolve(new Uint8Array()) : objects.getRange(inside(path), begin, end)),
    write,
    async append(path, at, bytes) {
      if (at === 0) return write(path, bytes);
      const version = adding === undefined ? await objects.head(inside(path)) : await adding.of(path);
      if (version === undefined || version.size < at) throw shorter('s3Files.append', path, at, version?.size ?? 0);
      const etag = await objects.extend(path, at, bytes, version.etag);
      keep(path, etag, at + bytes.length);
    },
    list: (folder) => objects.list(folder === '' ? '' : inside(folder)),
    remove: (path) => objects.remove(inside(path)),
    exclusive: (task) =>
      withS3Lease(
        objects,
        async (lease) => {
          adding = versions(objects, lease, place.address);
          try {
            return await task();
          } finally {
            adding = undefined;
          }
        },
        { place: place.address, leaseMs },
      ),
  };
}

/** Runs a task while no other process holds a lock of a place, such as that of a build. */
export function withS3Lock<T>(address: string, task: () => Promise<T>, options: FolderLockOptions): Promise<T> {
  const { patienceMs, leaseMs } = parseOptions('s3Files', s3FilesOptions, {});
  const place = s3Place(address);
  return withS3Lease(s3Objects(place, s3Client(place, patienceMs)), task, { ...options, place: place.address, leaseMs });
}

/** Versions of objects as the holder of the lock has seen or made them. */
interface Versions {
  readonly known: Map<string, S3Version>;
  of(path: string): Promise<S3Version | undefined>;
}

function versions(objects: S3Objects, lease: S3Lease, address: string): Versions {
  const known = new Map<string, S3Version>();
  return {
    known,
    async of(path) {
      const version = known.get(path) ?? (await objects.head(path));
      if (!(await lease.isHeld())) throw takenOver(address); // in this order: what was seen while the lock was held is nobody else's
      if (version !== undefined) known.set(path, version);
      return version;
    },
  };
}

const takenOver = (address: string): NetSpaceError =>
  new NetSpaceError(
    'UNAVAILABLE',
    `s3Files: expected ${address} to be held by this process, got one that another process has taken over or changed; nothing was overwritten; try again`,
  );

/** A path as part of a key, which cannot lead out of the prefix. */
function inside(path: string): string {
  const parts = path.split('/');
  if (parts.every((part) => part !== '' && part !== '.' && part !== '..')) return path;
  throw new NetSpaceError('INVALID_OPTION', `s3Files: expected a path inside the store, got '${path}'; paths cannot leave it`);
}
