import type { Architecture } from '@netspace/prep';
import type { MetricsSink } from '@netspace/train';

import { architecturesIn } from '../../architectures/architectures-in.js';
import type { SelectedRuntime } from '../../runtime/select-runtime.js';
import { type FolderStep, trainInFolder, type TrainingResult } from '../../runs/train-in-folder.js';
import { loneNetworkNote } from './lone-network.js';
import { otherInputs } from './other-inputs.js';
import { prepareTraining, type PreparedTraining } from './prepare-training.js';
import type { TrainConfig } from './train-config.js';

interface TrainByConfigOptions {
  readonly config: TrainConfig;
  /** Architectures that the config names by files. */
  readonly given?: ReadonlyMap<string, Architecture>;
  readonly runtime: SelectedRuntime;
  /** Whether to go on from the checkpoint in the folder. */
  readonly resume: boolean;
  readonly metrics?: MetricsSink;
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
  readonly onStart?: (step: number) => void;
  readonly onStep?: (step: FolderStep) => void;
}

/** A space that was trained in a folder, and what it was trained on. The caller disposes of both. */
export interface TrainedByConfig extends Pick<PreparedTraining, 'space' | 'entries'> {
  readonly result: TrainingResult;
}

/** Trains the space that a config describes in a folder, as `netspace train` does. */
export async function trainByConfig(folder: string, options: TrainByConfigOptions): Promise<TrainedByConfig> {
  const { config, given, runtime, resume, metrics, signal, note, onStart, onStep } = options;
  const find = await architecturesIn(config.zoo, folder);
  const { space, entries, task, heldOut, heldOutSha256 } = await prepareTraining(config, (name) => given?.get(name) ?? find(name));
  note(`${entries.length} instances, ${heldOut.length} held out; embeddings of ${space.config.embeddingSize} numbers`);
  const strange = task.kind === 'classification' ? await otherInputs(entries, task.dataset, task.output) : undefined;
  if (strange !== undefined) note(strange);
  const lone = loneNetworkNote(entries, heldOut, config.zoo);
  if (lone !== undefined) note(lone);
  const { steps, batch, embeddings, augment, learningRate, seed, readEvery, onDivergence, checkpointEvery } = config;
  const instances = entries.map(({ instance }) => instance);
  const identity = Object.fromEntries(entries.map(({ name, record }) => [name, record.sha256]));
  const result = await trainInFolder(space, folder, {
    ...{ command: 'train', config, runtime, checkpointEvery, resume, facts: { heldOut, ...(heldOut.length > 0 && { heldOutSha256 }) } },
    training: { instances, task, steps, batch, embeddings, augment, learningRate, seed, readEvery, onDivergence, identity, signal },
    ...{ metrics, onStart, onStep },
  });
  return { space, entries, result };
}
