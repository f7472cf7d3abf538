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

/** Whole numbers of steps, ascending. */
export const LENGTHS: readonly number[] = Array.from({ length: ZOO.count }, (_, i) =>
  Math.round(ZOO.steps[0] * (ZOO.steps[1] / ZOO.steps[0]) ** (i / (ZOO.count - 1))),
);

const recipe: ZooRecipe = {
  data: 'mnist',
  seed: SEED,
  // Each length has initial values of its own: no two instances share any of their training.
  groups: (['smallest', 'largest'] as const).flatMap((size) =>
    LENGTHS.map((length, index) => ({
      architecture: ARCHITECTURES[size].name,
      seeds: [index],
      lengths: [length],
      unit: 'steps' as const,
      batchSize: ZOO.batchSize,
      optimizer: { kind: 'adam' as const, learningRate: { kind: 'cosine' as const, learningRate: ZOO.learningRate } },
    })),
  ),
};

/** (a) Trains small classifiers of two architectures for different lengths; those at chance are left out. */
export async function buildDigitsZoo(train: ImageDataset, test: ImageDataset, progress: Progress): Promise<readonly ZooMember[]> {
  const store = openInstanceStore(memoryFiles());
  const members: ZooMember[] = [];
  for await (const { record, done } of buildZoo(recipe, { store, train, test })) {
    const index = members.length % LENGTHS.length;
    members.push({
      name: record.name,
      instance: await store.load(record.name),
      steps: LENGTHS[index]!,
      accuracy: record.metrics['testAccuracy']!,
      heldOut: ZOO.isHeldOut(index),
    });
    progress.update(done, record.name);
  }
  return members.filter(({ accuracy }) => accuracy >= ZOO.floor);
}

export const isLargest = ({ instance }: ZooMember): boolean => instance.architecture.name === ARCHITECTURES.largest.name;

export const best = (zoo: readonly ZooMember[], architecture: string): ZooMember =>
  zoo.filter(({ instance }) => instance.architecture.name === architecture).reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
