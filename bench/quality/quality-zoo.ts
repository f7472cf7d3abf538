import { buildZoo, loadMnist, type SelectedRuntime, zooInFolder, type ZooRecipe } from '@netspace/node';
import { NetSpace } from '@netspace/model';
import { requiredPRepShape } from '@netspace/prep';
import { type ImageDataset, loadAll, type StoredInstance } from '@netspace/zoo';

import type { QualityRecipe } from './recipes.js';

/** Networks to learn from, networks that no space sees, and images for both. */
export interface QualityZoo {
  readonly known: readonly StoredInstance[];
  readonly heldOut: readonly StoredInstance[];
  readonly train: ImageDataset;
  readonly test: ImageDataset;
}

const [COUNT, HELD_OUT] = [60, 12];
const [SHORTEST, LONGEST] = [50, 800];
/** Networks of fewer right answers say nearly the same of every image. */
const FLOOR = 0.25;

const lengths = Array.from({ length: COUNT }, (_, i) => Math.round(SHORTEST * (LONGEST / SHORTEST) ** (i / (COUNT - 1))));
const heldOutSeeds = new Set(Array.from({ length: HELD_OUT }, (_, i) => Math.floor(((i + 0.5) * COUNT) / HELD_OUT)));

const RECIPE: ZooRecipe = {
  ...{ data: 'mnist', seed: 0, atOnce: 15 },
  groups: lengths.map((length, seed) => ({
    ...{ architecture: 'lenet-like-1x28x28-10-w0.25', seeds: [seed], lengths: [length], unit: 'steps', snapshots: false, batchSize: 64 },
    optimizer: { kind: 'adam', learningRate: { kind: 'cosine', learningRate: 2e-3 } },
  })),
};

/** Builds the zoo of digit classifiers, from poor to good, or loads it if it is there. */
export async function qualityZoo(folder: string, runtime: SelectedRuntime): Promise<QualityZoo> {
  const { train, test } = await loadMnist();
  const { store } = await zooInFolder(folder, {
    ...{ command: 'bench quality', config: RECIPE, seed: 0, runtime },
    build: (into) => buildZoo(RECIPE, { store: into, train, test }),
  });
  const all = (await loadAll(store)).filter(({ record }) => (record.metrics['testAccuracy'] ?? 0) >= FLOOR);
  const members = all.sort((a, b) => a.record.seed - b.record.seed);
  const isHeldOut = ({ record }: StoredInstance): boolean => heldOutSeeds.has(record.seed);
  return { known: members.filter((one) => !isHeldOut(one)), heldOut: members.filter(isHeldOut), train, test };
}

/** The space of a recipe, before its training. */
export function spaceOf({ preset, prepWidth, start, units }: QualityRecipe, { known }: QualityZoo, seed: number): NetSpace {
  const instances = known.map(({ instance }) => instance);
  const best = instances.at(-1)!; // trained longest
  return new NetSpace({
    ...{ architectures: [best.architecture], preset, seed, prepShape: requiredPRepShape(best.architecture, { width: prepWidth }) },
    start: start === 'instance' ? { from: 'instance', instance: best } : { from: 'random' },
    ...(units && { units: { of: instances } }),
  });
}
