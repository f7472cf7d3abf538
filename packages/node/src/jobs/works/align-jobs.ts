import { align } from '@netspace/explore';
import { disposeInstances, type Instance, NetSpaceError } from '@netspace/prep';
import { runningMemory, type ZooJob, type ZooPlan } from '@netspace/train/internal';
import type { Dataset, InstanceRecord } from '@netspace/zoo';
import { evenlySpread, inputsOf, isTensorDataset } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { architecturesIn } from '../../architectures/architectures-in.js';
import type { Called } from '../../cli/called.js';
import { openZoo } from '../../cli/files/open-zoo.js';
import { pickRecords } from '../../cli/options/zoo-options.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import type { AlignSource } from './work-source.js';

/** Networks of one job. */
const EACH = 8;

/** The jobs of an alignment, and the networks that it reads. */
export interface AlignmentPlan extends ZooPlan {
  readonly records: readonly InstanceRecord[];
  /** The networks in whose order the others are put: name and hash of their weights. */
  readonly references: readonly (readonly [string, string])[];
}

/**
 * Jobs that put the hidden channels of each network of a zoo in the order of those of the network of its architecture that `to` names. What a network does stays as it
 * is. Its record has `alignedDistance` in addition.
 *
 * @throws NetSpaceError `INVALID_OPTION` if an architecture has no network in `to`, or two; as `openZoo` and the loaders of data
 */
export async function alignmentPlan({ zoo, to, instance, data, inputs: count }: AlignSource, called: Called = {}): Promise<AlignmentPlan> {
  const { store, records } = await openZoo(zoo, { ...called, runs: instance === undefined ? 'all' : [...instance, ...to] });
  const chosen = pickRecords(records, instance, zoo, called);
  const references = referencesOf(zoo, chosen, pickRecords(records, to, zoo, called));
  const dataset = data === undefined ? undefined : await parseDatasetSpec(data).load('train');
  const rows = dataset && evenlySpread(Math.min(count, dataset.count), dataset.count);
  const loaded = new Map<string, Promise<Instance>>(); // each is read once, and stays
  const referenceOf = (architecture: string): Promise<Instance> => {
    const known = loaded.get(architecture) ?? store.load(references.get(architecture)!.name);
    loaded.set(architecture, known);
    return known;
  };
  const aligned = async ({ name, architecture }: InstanceRecord) => {
    const reference = await referenceOf(architecture);
    const { record, ...network } = await store.load(name);
    const inputs = dataset && rows && inputsOf(dataset, rows);
    try {
      return await align(reference, network, inputs === undefined ? { by: 'weights' } : { by: 'activations', inputs });
    } finally {
      disposeInstances([network]);
      tf.dispose(inputs ?? []);
    }
  };
  const shas = (some: readonly InstanceRecord[]) => some.map((one) => [one.name, one.sha256] as const);
  const arrays = dataset === undefined ? [] : [arrayOf(dataset)];
  const find = await architecturesIn(zoo);
  const jobs = Array.from({ length: Math.ceil(chosen.length / EACH) }, (_, i): ZooJob => {
    const own = chosen.slice(i * EACH, (i + 1) * EACH);
    const { name, architecture, seed } = own[0]!;
    return {
      ...{ title: `align ${name}${own.length === 1 ? '' : ` and ${own.length - 1} more`}`, architecture, seed },
      names: own.map((one) => one.name),
      settings: {
        kind: 'align',
        to: shas([...references.values()]),
        networks: own.map((one) => [one.name, one.sha256, one.epochs, one.seed, one.metrics]),
        ...(rows && { rows: rows.length }),
      },
      data: arrays,
      memory: () =>
        runningMemory([...new Set(own.map((one) => one.architecture))].map(find), { batchSize: rows?.length ?? 0, data: arrays }),
      async *run({ wanted, signal, onStep }) {
        const steps = own.filter((one) => wanted.has(one.name));
        for (const [done, record] of steps.entries()) {
          if (signal?.aborted) throw new NetSpaceError('ABORTED', `align: stopped by its signal after ${done} of ${steps.length} networks`);
          const { instance, distance } = await aligned(record);
          const { name, epochs, seed, metrics } = record;
          yield { name, instance, epochs, seed, metrics: { ...metrics, alignedDistance: distance } };
          onStep?.({ step: done + 1, steps: steps.length });
        }
      },
    };
  });
  return { jobs, records: chosen, references: shas([...references.values()]), check: () => undefined };
}

const arrayOf = (dataset: Dataset): ArrayBufferView => (isTensorDataset(dataset) ? dataset.inputs : dataset.images);

/** The network of each architecture in whose order the others are put. */
function referencesOf(zoo: string, chosen: readonly InstanceRecord[], to: readonly InstanceRecord[]): ReadonlyMap<string, InstanceRecord> {
  const references = new Map<string, InstanceRecord>();
  for (const record of to) {
    const other = references.get(record.architecture);
    if (other !== undefined) throw new NetSpaceError('INVALID_OPTION', `zoo align: expected one network of ${record.architecture} in --to, got ${other.name} and ${record.name}; leave one out`); // prettier-ignore
    references.set(record.architecture, record);
  }
  const left = chosen.find(({ architecture }) => !references.has(architecture));
  if (left === undefined) return references;
  throw new NetSpaceError('INVALID_OPTION', `zoo align: expected a network of ${left.architecture} in --to for ${left.name} in ${zoo}, got ${to.map(({ name }) => name).join(', ')}; name one of each architecture, or choose networks with --instance`); // prettier-ignore
}
