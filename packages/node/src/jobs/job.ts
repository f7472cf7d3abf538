import { createHash } from 'node:crypto';

import type { ZooJob } from '@netspace/train/internal';
import type { InstanceEntry } from '@netspace/zoo';

/** Something with a name that a job gives, as bytes: a network, its measures, its embedding. */
export interface NamedBytes {
  readonly record: { readonly name: string; readonly sha256: string };
  /** At least one. */
  readonly bytes: Uint8Array;
}

/** The unit of work of any command over a zoo: a {@link ZooJob}, or one that gives something else than networks. */
export interface Job extends Pick<ZooJob, 'title' | 'names' | 'settings' | 'data' | 'memory'> {
  run(options: Parameters<ZooJob['run']>[0]): AsyncIterable<InstanceEntry | NamedBytes>;
}

export const namedBytes = (name: string, bytes: Uint8Array): NamedBytes => ({
  record: { name, sha256: createHash('sha256').update(bytes).digest('hex') },
  bytes,
});

/** Whether something is a record of named bytes. */
export const isNamedRecord = (value: unknown): value is NamedBytes['record'] =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'sha256'].every((key) => typeof (value as Readonly<Record<string, unknown>>)[key] === 'string');
