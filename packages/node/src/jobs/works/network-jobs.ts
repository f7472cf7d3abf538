import { disposeInstances, type Instance, NetSpaceError } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';
import type { InstanceRecord, InstanceStore } from '@netspace/zoo';

import { type Job, type NamedBytes, namedBytes } from '../job.js';

interface NetworkJobsOptions {
  /** What is done with each network, for titles: `encode`. */
  readonly what: string;
  readonly store: InstanceStore;
  readonly records: readonly InstanceRecord[];
  /** Networks of one job. */
  readonly each: number;
  /** Everything that decides the result besides the network, the data, version and runtime; as JSON. */
  readonly settings: object;
  readonly data: readonly ArrayBufferView[];
  /** Bytes that a process needs for some networks of these architectures, by an estimate; see {@link Job}. */
  readonly memoryOf: (architectures: readonly string[]) => number | undefined;
  /** What a network gives; the caller disposes of it. */
  readonly bytesOf: (instance: Instance, record: InstanceRecord) => Promise<Uint8Array>;
}

/** Jobs that look at some networks of a zoo, one after the other. A network is known by its weights, not by its name alone. */
export function networkJobs({ what, store, records, each, settings, data, memoryOf, bytesOf }: NetworkJobsOptions): readonly Job[] {
  return Array.from({ length: Math.ceil(records.length / each) }, (_, i): Job => {
    const own = records.slice(i * each, (i + 1) * each);
    const [first] = own;
    return {
      title: `${what} ${first!.name}${own.length === 1 ? '' : ` and ${own.length - 1} more`}`,
      names: own.map(({ name }) => name),
      settings: { kind: what, ...settings, networks: own.map(({ name, sha256 }) => [name, sha256]) },
      data,
      memory: () => memoryOf([...new Set(own.map(({ architecture }) => architecture))]),
      async *run({ wanted, signal, onStep }): AsyncGenerator<NamedBytes> {
        const steps = own.filter(({ name }) => wanted.has(name));
        for (const [done, { name }] of steps.entries()) {
          await nextTask(); // lets the signal in
          if (signal?.aborted)
            throw new NetSpaceError('ABORTED', `${what}: stopped by its signal after ${done} of ${steps.length} networks`);
          const { record, ...instance } = await store.load(name);
          try {
            yield namedBytes(name, await bytesOf(instance, record));
          } finally {
            disposeInstances([instance]);
          }
          onStep?.({ step: done + 1, steps: steps.length });
        }
      },
    };
  });
}
