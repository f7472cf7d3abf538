import type { NetSpace } from '@netspace/model';
import { currentVersions } from '@netspace/train/internal';

import { commitOf, machineFacts } from '../../runs/machine.js';
import type { RunRecord } from '../../runs/run-record.js';
import type { SelectedRuntime } from '../../runtime/select-runtime.js';

type Facts = Readonly<Record<string, string | number>>;

/** What measured the figures of a report: machine, runtime, versions, and the commit where there is one. */
export function measuredBy(runtime: SelectedRuntime | undefined): Facts {
  const { cpu, cores, memoryGiB } = machineFacts();
  const commit = commitOf('.');
  return {
    ...(runtime !== undefined && { runtime: runtime.name, device: runtime.device }),
    machine: `${cpu}, ${cores} cores, ${memoryGiB} GiB`,
    ...(commit !== 'unknown' && { 'commit (folder of the command)': commit }),
    ...Object.fromEntries(Object.entries(currentVersions()).filter(([name]) => name !== 'runtime')),
  };
}

/** How a space came to be: by which command, seed and versions, as far as the run has left word. */
export function trainedBy(record: Partial<RunRecord> | undefined): Facts {
  if (record === undefined) return { 'how it was trained': 'not recorded: there is no run.json beside the space' };
  const { seed, command, versions, runtime, seconds, state } = record;
  return {
    ...(command !== undefined && { 'trained by': command }),
    ...(seed !== undefined && { seed }),
    ...(state !== undefined && { 'state of the run': state }),
    ...(runtime?.name !== undefined && {
      'trained on': `${runtime.name}${runtime.precision === undefined ? '' : `, ${runtime.precision}`}`,
    }),
    ...(seconds !== undefined && { 'trained for': `${Math.round(seconds)} s in its last session` }),
    ...(versions?.['netspace'] !== undefined && { 'trained with netspace': versions['netspace'] }),
  };
}

/** Sizes and units of a space. */
export function sizesOf({ config, architectures, startedFrom, normalization }: NetSpace): Facts {
  return {
    architectures: architectures.map(({ name }) => name).join(', '),
    'numbers in an embedding': config.embeddingSize,
    PRep: config.prepShape.join(' × '),
    'start of the decoder': startedFrom,
    units: normalization === undefined ? 'weights as they are' : "in terms of the zoo's spread about its mean",
    ...(config.dense && { 'dense decoder': `${config.dense.layers} hidden layers of ${config.dense.units}` }),
    ...(config.directions && { 'random directions': `scale ${config.directions.scale}, seed ${config.directions.seed}` }),
  };
}
