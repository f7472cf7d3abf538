import { evaluateOutputs, evaluateSpace } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import { loadAll } from '@netspace/zoo';

import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { readRunRecord } from '../../runs/run-record.js';
import { evaluateShapes } from '../evaluation/evaluate-shapes.js';
import { openZoo } from '../files/open-zoo.js';
import { recordedHeldOut } from '../files/recorded-held-out.js';
import { drawnInputs, givesOutputs, labeled, taskOfSpace } from '../measured-task.js';
import type { TrainConfig } from '../training/train-config.js';

interface MeasuresOptions {
  /** Of the run, which says what was held out. */
  readonly folder: string;
  readonly config: TrainConfig;
  /** In place of the config's. */
  readonly data?: string | undefined;
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The summary that `netspace evaluate` shows, of the networks that were held out, or of all if none was: numbers alone. */
export async function measuresOfSpace(
  space: NetSpace,
  { folder, config, data = config.data, limit, signal }: MeasuresOptions,
): Promise<Readonly<Record<string, number>>> {
  const { store, records } = await openZoo(config.zoo);
  const unseen = recordedHeldOut(await readRunRecord(folder), records) ?? new Set();
  const chosen = unseen.size === 0 ? records : records.filter(({ name }) => unseen.has(name));
  const entries = await loadAll(store, chosen, { ...(signal && { signal }) });
  try {
    const task = await taskOfSpace('sweep', space, { folder });
    const size = { ...task.head, ...(limit !== undefined && { limit }), ...(signal && { signal }) };
    const dataset = async () => (data === undefined ? (task.task === 'classification' ? parseDatasetSpec('mnist').load('test') : drawnInputs('sweep', space, task)) : parseDatasetSpec(data).load('test')); // prettier-ignore
    const { summary } =
      task.task === 'sdf'
        ? await evaluateShapes(space, entries, { ...(signal && { signal }) })
        : givesOutputs(task.task)
          ? await evaluateOutputs(space, entries, await dataset(), { ...size, task: task.task })
          : await evaluateSpace(space, entries, labeled('sweep', await dataset()), size);
    const numbers = Object.entries(summary).flatMap(([key, value]: [string, unknown]) => (typeof value === 'number' ? [[key, value] as const] : [])); // prettier-ignore
    return Object.fromEntries(numbers);
  } finally {
    disposeInstances(entries.map(({ instance }) => instance));
  }
}
