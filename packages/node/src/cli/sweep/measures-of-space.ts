import { evaluateOutputs, evaluateSpace } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import { loadAll } from '@netspace/zoo';

import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { readRunRecord } from '../../runs/run-record.js';
import { evaluateShapes } from '../evaluation/evaluate-shapes.js';
import { openZoo } from '../files/open-zoo.js';
import { recordedHeldOut } from '../files/recorded-held-out.js';
import { refinementOf } from '../options/refine-option.js';
import { drawnInputs, givesOutputs, labeled, taskOfSpace } from '../measured-task.js';
import type { TrainConfig } from '../training/train-config.js';

interface MeasuresOptions {
  /** Of the run, which says what was held out. */
  readonly folder: string;
  readonly config: TrainConfig;
  /** In place of the config's. */
  readonly data?: string | undefined;
  readonly limit?: number | undefined;
  /** Steps of refinement: the summary is then of refined encodings. */
  readonly refine?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The summary that `netspace evaluate` shows, of the networks that were held out, or of all if none was: numbers alone. With `refine` it is of refined encodings. */
export async function measuresOfSpace(
  space: NetSpace,
  { folder, config, data = config.data, limit, refine: steps, signal }: MeasuresOptions,
): Promise<Readonly<Record<string, number>>> {
  const { store, records } = await openZoo(config.zoo);
  const unseen = recordedHeldOut(await readRunRecord(folder), records) ?? new Set();
  const chosen = unseen.size === 0 ? records : records.filter(({ name }) => unseen.has(name));
  const entries = await loadAll(store, chosen, { ...(signal && { signal }) });
  try {
    const task = await taskOfSpace('sweep', space, { folder });
    const stoppable = signal && { signal };
    const source = data === undefined ? (task.task === 'classification' ? parseDatasetSpec('mnist') : undefined) : parseDatasetSpec(data);
    const refine = await refinementOf('sweep', space, { folder, steps, source, task });
    const size = { ...task.head, ...(limit !== undefined && { limit }), ...(refine && { refine }), ...stoppable };
    const dataset = async () => (source === undefined ? drawnInputs('sweep', space, task) : source.load('test'));
    try {
      const { summary: plain, refined } =
        task.task === 'sdf'
          ? await evaluateShapes(space, entries, { refine, ...stoppable })
          : givesOutputs(task.task)
            ? await evaluateOutputs(space, entries, await dataset(), { ...size, task: task.task })
            : await evaluateSpace(space, entries, labeled('sweep', await dataset()), size);
      const measured: readonly (readonly [string, unknown])[] = Object.entries(refined?.summary ?? plain);
      return Object.fromEntries(measured.flatMap(([key, value]) => (typeof value === 'number' ? [[key, value] as const] : [])));
    } finally {
      refine?.known?.dispose();
    }
  } finally {
    disposeInstances(entries.map(({ instance }) => instance));
  }
}
