import { type Instance, isNetSpaceError, NetSpaceError, type Purpose } from '@netspace/prep';
import { runningMemory } from '@netspace/train/internal';
import { accuracy, type Dataset, type EvaluationOptions, type InstanceRecord, targetError } from '@netspace/zoo';
import { isLabeled, isTensorDataset } from '@netspace/zoo/internal';

import { architecturesIn, type FindArchitecture } from '../../architectures/architectures-in.js';
import type { Called } from '../../cli/called.js';
import { openZoo } from '../../cli/files/open-zoo.js';
import { pickRecords } from '../../cli/options/zoo-options.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { isRandomSpec } from '../../datasets/random-inputs.js';
import type { Job } from '../job.js';
import { jobKeys } from '../job-key.js';
import { networkJobs } from './network-jobs.js';
import type { EvaluateSource } from './work-source.js';

/** Networks of one job. */
const EACH = 8;
/** Inputs at once, as `accuracy` and `targetError` have it. */
const BATCH = 250;

/** What was measured of a network: numbers by name, or why there are none. */
export type Measured = { readonly metrics: Readonly<Record<string, number>> } | { readonly problem: string };

export interface Evaluation {
  readonly jobs: readonly Job[];
  /** The networks that are measured. */
  readonly chosen: readonly InstanceRecord[];
  /** All networks of the zoo, as its index has them. */
  readonly indexed: readonly InstanceRecord[];
  /** Tells what they are measured on from anything else: data, limit and output. */
  readonly on: string;
}

/**
 * Jobs that measure the networks of a zoo on the test half of a data set: the accuracy of classifiers, squared error and R² of networks that give numbers. A
 * network gives a {@link Measured}, as JSON.
 *
 * @throws NetSpaceError `UNSUPPORTED` for shapes and fields, `INVALID_OPTION` for data without what networks are to give; as `openZoo` and the loaders of data
 */
export async function evaluationOf(
  zoo: string,
  { data, instance, limit, output }: EvaluateSource,
  called: Called = {},
): Promise<Evaluation> {
  const { store, records, indexed } = await openZoo(zoo, { ...called, runs: instance });
  const chosen = pickRecords(records, instance, zoo, called);
  const dataset = await parseDatasetSpec(data).load('test');
  const find = await architecturesIn(zoo);
  const measureOf = measures(find, chosen, dataset, called);
  const options = { ...(limit !== undefined && { limit }), ...(output !== undefined && { output }) };
  const [inputs, expected] = isTensorDataset(dataset) ? [dataset.inputs, dataset.targets] : [dataset.images, undefined];
  const arrays = [inputs, ...(isLabeled(dataset) ? [dataset.labels] : []), ...(expected === undefined ? [] : [expected])];
  const jobs = networkJobs({
    ...{ what: 'evaluate', store, records: chosen, each: EACH, settings: options, data: arrays },
    memoryOf: (names) => runningMemory(names.map(find), { batchSize: BATCH, data: arrays }),
    async bytesOf(network, { architecture }) {
      const measured = await measureOf(architecture)(network, options).then(
        (metrics): Measured => ({ metrics }),
        (error: unknown): Measured => {
          if (isNetSpaceError(error) && error.code === 'DIVERGED') return { problem: error.message };
          throw error;
        },
      );
      return new TextEncoder().encode(JSON.stringify(measured));
    },
  });
  return { jobs, chosen, indexed, on: jobKeys([{ settings: options, data: arrays }], {})[0]! };
}

type Measure = (network: Instance, options: EvaluationOptions) => Promise<Readonly<Record<string, number>>>;

/** How networks of each architecture are measured on a data set; refuses those that it cannot measure, before any is run. */
function measures(
  find: FindArchitecture,
  records: readonly InstanceRecord[],
  dataset: Dataset,
  called: Called,
): (architecture: string) => Measure {
  const names = [...new Set(records.map(({ architecture }) => architecture))];
  const of = new Map(names.map((name) => [name, measureFor(name, find(name).purpose ?? 'other', dataset, called)]));
  return (architecture) => of.get(architecture)!;
}

function measureFor(name: string, purpose: Purpose, dataset: Dataset, { netspace = 'netspace' }: Called): Measure {
  const targets = isTensorDataset(dataset) ? dataset.targets : undefined;
  if (purpose === 'sdf' || purpose === 'occupancy' || purpose === 'rgb') {
    throw new NetSpaceError('UNSUPPORTED', `zoo evaluate: expected classifiers, or networks that give the numbers of a table, got ${name}, a network of shapes or pictures; zoo build has measured it on its own (${netspace} zoo list)`); // prettier-ignore
  }
  if (isLabeled(dataset) && (purpose === 'classifier' || (purpose === 'other' && targets === undefined))) {
    return async (network, options) => ({ Accuracy: await accuracy(network, dataset, options) });
  }
  if (targets !== undefined && purpose !== 'classifier') {
    return async (network, options) => {
      const { mse, r2 } = await targetError(network, dataset, options);
      return { Mse: mse, ...(r2 !== null && { R2: r2 }) };
    };
  }
  const wanted = purpose === 'classifier' ? 'labels' : 'targets';
  const remedy = isRandomSpec(dataset.name) ? 'random inputs have none: name a data set that has' : `say which tensor, or column, has them (#${wanted}=NAME)`; // prettier-ignore
  throw new NetSpaceError('INVALID_OPTION', `zoo evaluate: expected ${wanted} in ${dataset.name} for ${name}, got none; ${remedy}`);
}
