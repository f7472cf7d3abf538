import type { Architecture } from '@netspace/prep';
import type { MetricsSink, TrainNetSpaceOptions } from '@netspace/train';

import { architecturesIn } from '../../architectures/architectures-in.js';
import type { SelectedRuntime } from '../../runtime/select-runtime.js';
import { type FolderStep, trainInFolder, type TrainingResult } from '../../runs/train-in-folder.js';
import type { Called } from '../called.js';
import { writeKnown } from '../files/known-file.js';
import { loneNetworkNote } from './lone-network.js';
import { otherInputs } from './other-inputs.js';
import { prepareTraining, type PreparedTraining } from './prepare-training.js';
import type { TrainConfig } from './train-config.js';

interface TrainByConfigOptions extends Called {
  readonly config: TrainConfig;
  /** Architectures that the config names by files. */
  readonly given?: ReadonlyMap<string, Architecture>;
  /** Path of the config. */
  readonly file?: string | undefined;
  readonly runtime: SelectedRuntime;
  /** Whether to go on from the checkpoint in the folder. */
  readonly resume: boolean;
  readonly metrics?: MetricsSink;
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
  readonly onTarget?: TrainNetSpaceOptions['onTarget'];
  readonly onStart?: (step: number) => void;
  readonly onStep?: (step: FolderStep) => void;
}

/** A space that was trained in a folder, and what it was trained on. The caller disposes of both. */
export interface TrainedByConfig extends Pick<PreparedTraining, 'space' | 'entries'> {
  readonly result: TrainingResult;
}

/** Trains the space that a config describes in a folder, as `netspace train` does. */
export async function trainByConfig(folder: string, options: TrainByConfigOptions): Promise<TrainedByConfig> {
  const { config, given, file, runtime, resume, metrics, signal, note, onTarget, onStart, onStep, ...called } = options;
  const find = await architecturesIn(config.zoo, folder);
  const { space, entries, task, heldOut, heldOutSha256 } = await prepareTraining(config, (name) => given?.get(name) ?? find(name), called);
  note(`${entries.length} instances, ${heldOut.length} held out; embeddings of ${space.config.embeddingSize} numbers`);
  const strange = task.kind === 'classification' ? await otherInputs(entries, task.dataset, task.output) : undefined;
  if (strange !== undefined) note(strange);
  const lone = loneNetworkNote(entries, heldOut, { zoo: config.zoo, ...called });
  if (lone !== undefined) note(lone);
  const { steps, batch, embeddings, augment, learningRate, seed, readEvery, onDivergence, checkpointEvery } = config;
  const instances = entries.map(({ instance }) => instance);
  const identity = Object.fromEntries(entries.map(({ name, record }) => [name, record.sha256]));
  const result = await trainInFolder(space, folder, {
    ...{
      command: 'train',
      config,
      ...(file !== undefined && { file }),
      runtime,
      checkpointEvery,
      resume,
      facts: { heldOut, ...(heldOut.length > 0 && { heldOutSha256 }) },
    },
    training: {
      instances,
      task,
      steps,
      batch,
      embeddings,
      augment,
      learningRate,
      seed,
      readEvery,
      onDivergence,
      identity,
      signal,
      onTarget,
    },
    ...{ metrics, onStart, onStep },
    ...(embeddings === 'free' && { onSaved: () => writeKnown(folder, entries.map(({ name }) => name), space) }), // prettier-ignore
  });
  return { space, entries, result };
}
