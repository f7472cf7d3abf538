import type { Architecture } from '@netspace/prep';
import { parameterCount } from '@netspace/prep';
import { resolveConfig } from '@netspace/model';
import { spaceTrainingMemory } from '@netspace/train/internal';
import type { InstanceRecord } from '@netspace/zoo';

import type { FindArchitecture } from '../../architectures/architectures-in.js';
import { architecturesOf, heldOutNames, sizesOf } from '../../cli/training/prepare-training.js';
import type { TrainConfig } from '../../cli/training/train-config.js';

/** Inputs on which a network is run at once when a space is measured. */
const MEASURED_AT_ONCE = 250;
/** As `trainNetSpace` has it. */
const INPUTS = 64;

interface Known {
  /** The networks of the config's zoo. */
  readonly records: readonly InstanceRecord[];
  readonly find: FindArchitecture;
  readonly data: readonly ArrayBufferView[];
  /** Whether the space is measured at the end. */
  readonly isMeasured: boolean;
}

/**
 * Bytes that the training of a config takes at its highest, by an estimate.
 *
 * @returns undefined if the layers of a network that is run are unknown
 * @throws NetSpaceError as the training of the config, of sizes or names that are wrong
 */
export function memoryOfTraining(config: TrainConfig, { records, find, data, isMeasured }: Known): number | undefined {
  const architectures = architecturesOf(config, records, find);
  const out = new Set(heldOutNames(config, records));
  const seen = records.filter(({ name }) => !out.has(name));
  const { nets, inputs = INPUTS } = config.batch;
  const space = resolveConfig({ ...sizesOf(config, architectures), classes: architectures.length });
  return spaceTrainingMemory({
    ...{ space, architectures, networks: seen.length, nets, between: betweenAtMost(config, architectures, seen), data },
    ...(config.task.kind === 'weights' ? { inputs: 0, grouping: 'auto' as const } : { inputs, grouping: config.task.grouping }),
    ...{ measured: isMeasured ? MEASURED_AT_ONCE : 0, free: config.embeddings === 'free' },
  });
}

/** The most networks between the smallest and the largest architecture that a step may have: by how it draws, their number differs from step to step. */
function betweenAtMost({ task, batch }: TrainConfig, architectures: readonly Architecture[], seen: readonly InstanceRecord[]): number {
  if (task.kind !== 'classification' || task.interpolation === false) return 0;
  const sorted = architectures.toSorted((a, b) => parameterCount(a.parameters) - parameterCount(b.parameters));
  const groups = new Set(seen.map(({ architecture }) => architecture)).size;
  const drawn = batch.sampling === 'balanced' ? Math.ceil(batch.nets / groups) : batch.nets;
  const most = (one: Architecture | undefined): number =>
    Math.min(drawn, seen.filter(({ architecture }) => architecture === one?.name).length);
  const [smallest, largest] = [most(sorted[0]), most(sorted.at(-1))];
  const pairs = Array.from({ length: smallest + 1 }, (_, count) => count * Math.min(largest, batch.nets - count));
  return Math.max(...pairs) * Math.max(0, architectures.length - 2);
}
