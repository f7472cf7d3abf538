import { buildZoo, type ZooRecipe } from '@netspace/train';
import type { Instance } from '@netspace/prep';
import { memoryFiles, openInstanceStore, type ImageDataset } from '@netspace/zoo';

import type { Progress } from './progress.js';
import { ARCHITECTURES, SEED, ZOO } from './settings.js';

export interface ZooMember {
  readonly name: string;
  readonly instance: Instance;
  readonly steps: number;
  readonly accuracy: number;
  readonly heldOut: boolean;
}

const recipe: ZooRecipe = {
  data: 'mnist',
  seed: SEED,
  // Each length has initial values of its own: no two instances share any of their training.
  groups: (['smallest', 'largest'] as const).flatMap((size) =>
    ZOO.lengths.map((length, index) => ({
      architecture: ARCHITECTURES[size].name,
      seeds: [index],
      lengths: [length],
      unit: 'steps' as const,
      batchSize: ZOO.batchSize,
      optimizer: { kind: 'adam' as const, learningRate: ZOO.learningRate[size] },
    })),
  ),
};

/** (a) Trains small classifiers of two architectures for different lengths. */
export async function buildDigitsZoo(train: ImageDataset, test: ImageDataset, progress: Progress): Promise<ZooMember[]> {
  const store = openInstanceStore(memoryFiles());
  const members: ZooMember[] = [];
  for await (const { record, done } of buildZoo(recipe, { store, train, test })) {
    const index = members.length % ZOO.lengths.length;
    members.push({
      name: record.name,
      instance: await store.load(record.name),
      steps: ZOO.lengths[index]!,
      accuracy: record.metrics['testAccuracy']!,
      heldOut: ZOO.isHeldOut(index),
    });
    progress.update(done, record.name);
  }
  return members;
}
