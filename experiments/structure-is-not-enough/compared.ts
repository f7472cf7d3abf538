import { compareAccuracies, type EvaluatedInstance, spread } from '@netspace/explore';
import type { Instance } from '@netspace/prep';
import { type ImageDataset, predictClasses } from '@netspace/zoo';
import { matches, seenLabels } from '@netspace/zoo/internal';

import type { Member } from '../shared/zoo-stage.js';
import { initOf } from './zoo.js';

/** A network that gives nearly the same answer for every image is right this often at most. */
const CHANCE = 0.2;

/** What networks say of images beside what their targets say, one row a target. */
export async function compared(
  targets: readonly Member[],
  predicted: readonly Instance[],
  test: ImageDataset,
): Promise<readonly EvaluatedInstance[]> {
  const labels = seenLabels(test, {});
  const rows: EvaluatedInstance[] = [];
  for (const [i, { name, instance }] of targets.entries()) {
    const [target, classes] = [await predictClasses(instance, test), await predictClasses(predicted[i]!, test)];
    rows.push({
      ...{ name, architecture: instance.architecture.name, classId: 0, predictedClassId: 0 },
      ...{ targetAccuracy: matches(target, labels), predictedAccuracy: matches(classes, labels), agreement: matches(classes, target) },
    });
  }
  return rows;
}

/** Over all networks, over those that are better than chance, and by initial values. */
export function summary(instances: readonly EvaluatedInstance[]) {
  const better = instances.filter(({ targetAccuracy }) => targetAccuracy >= CHANCE);
  const inits = [...new Set(instances.map(initOf))].map((init) => {
    const own = instances.filter((one) => initOf(one) === init);
    return { init, count: own.length, agreement: meanOf(own, (one) => one.agreement), target: meanOf(own, (one) => one.targetAccuracy), predicted: meanOf(own, (one) => one.predictedAccuracy) }; // prettier-ignore
  });
  return {
    ...compareAccuracies(instances),
    agreements: spread(instances.map(({ agreement }) => agreement)),
    /** Of networks as often right as these that err independently. */
    chance: meanOf(instances, chanceOf),
    ...(better.length > 0 && { betterThanChance: { count: better.length, ...compareAccuracies(better) } }),
    inits,
  };
}

const CLASSES = 10;
const chanceOf = ({ targetAccuracy: a, predictedAccuracy: b }: EvaluatedInstance): number => a * b + ((1 - a) * (1 - b)) / (CLASSES - 1);

const meanOf = <T>(items: readonly T[], of: (item: T) => number): number => spread(items.map(of)).mean;
