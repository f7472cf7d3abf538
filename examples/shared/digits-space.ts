import { NetSpace } from '@netspace/model';
import { buildZoo, trainNetSpace } from '@netspace/train';
import { loadMnist } from '@netspace/node';
import { requiredPRepShape, type Instance } from '@netspace/prep';
import { lenetLike, memoryFiles, openInstanceStore, type ImageDataset } from '@netspace/zoo';

/** A small space of digit classifiers to play with, learned in a few seconds; `npm run demo` learns a better one. */
export interface DigitsSpace {
  readonly space: NetSpace;
  /** From the least trained to the best trained. */
  readonly instances: readonly Instance[];
  readonly train: ImageDataset;
  readonly test: ImageDataset;
}

export async function digitsSpace({ steps = 250 }: { readonly steps?: number } = {}): Promise<DigitsSpace> {
  const { train, test } = await loadMnist({ train: 4000, test: 500 });
  const architecture = lenetLike({ channels: 1, size: 28, width: 0.25 });
  const store = openInstanceStore(memoryFiles());
  const group = {
    architecture: architecture.name,
    lengths: [10, 20, 30, 40, 60, 80, 120, 160],
    unit: 'steps',
    snapshots: false,
    batchSize: 48,
    optimizer: { kind: 'adam', learningRate: 3e-3 },
  } as const;
  const instances: Instance[] = [];
  const recipe = { groups: [{ ...group, lengths: [...group.lengths] as [number, ...number[]] }] };
  for await (const { record } of buildZoo(recipe, { store, train, test })) instances.push(await store.load(record.name));

  const [rows] = requiredPRepShape(architecture, { width: 8, heightMultiple: 8 });
  const space = new NetSpace({
    architectures: [architecture],
    prepShape: [8, rows],
    preset: 'small',
    start: { from: 'instance', instance: instances.at(-1)! },
  });
  const task = { kind: 'classification', dataset: train } as const;
  const batch = { nets: 4, inputs: 48 };
  for await (const { step, losses } of trainNetSpace(space, { instances, task, steps, batch, learningRate: 1e-3 })) {
    if (step % 50 === 0) console.log(`learning the space: step ${step} of ${steps}, loss ${losses?.['loss']?.toFixed(3)}`);
  }
  return { space, instances, train, test };
}
