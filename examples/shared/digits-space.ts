import type { NetSpace } from '@netspace/model';
import { directoryFiles, loadMnist, trainOrLoadSpace, type SelectedRuntime } from '@netspace/node';
import { requiredPRepShape, type Instance } from '@netspace/prep';
import { buildZoo } from '@netspace/train';
import { lenetLike, openInstanceStore, type ImageDataset } from '@netspace/zoo';

/** What the examples make is kept here, so that the next one need not make it again. */
const FOLDER = 'out/examples';

/** A small space of digit classifiers to play with, learned in half a minute the first time; `npm run demo` learns a better one. */
export interface DigitsSpace {
  readonly space: NetSpace;
  /** From the least trained to the best trained. */
  readonly instances: readonly Instance[];
  readonly train: ImageDataset;
  readonly test: ImageDataset;
}

export async function digitsSpace(runtime: SelectedRuntime): Promise<DigitsSpace> {
  const { train, test } = await loadMnist({ train: 4000, test: 500 });
  const architecture = lenetLike({ channels: 1, size: 28, width: 0.25 });
  const store = openInstanceStore(directoryFiles(`${FOLDER}/zoo`));
  const group = {
    architecture: architecture.name,
    lengths: [10, 20, 30, 40, 60, 80, 120, 160],
    unit: 'steps',
    snapshots: false,
    batchSize: 48,
    optimizer: { kind: 'adam', learningRate: 3e-3 },
  } as const;
  const recipe = { groups: [{ ...group, lengths: [...group.lengths] as [number, ...number[]] }] };
  for await (const { record } of buildZoo(recipe, { store, train, test })) console.log(`learned ${record.name}`);
  const instances = await Promise.all((await store.list()).map(({ name }) => store.load(name))); // from the least trained to the best

  const [rows] = requiredPRepShape(architecture, { width: 8, heightMultiple: 8 });
  const run = {
    ...{ within: FOLDER, name: 'digits' },
    space: {
      architectures: [architecture],
      prepShape: [8, rows],
      preset: 'small',
      start: { from: 'instance', instance: instances.at(-1)! },
    },
    training: {
      instances,
      task: { kind: 'classification', dataset: train },
      steps: 250,
      batch: { nets: 4, inputs: 48 },
      learningRate: 1e-3,
    },
  } as const;
  const { space } = await trainOrLoadSpace(run, {
    runtime,
    onStep: ({ step, steps }) => {
      if (step % 50 === 0) console.log(`learning the space: step ${step} of ${steps}`);
    },
  });
  return { space, instances, train, test };
}
