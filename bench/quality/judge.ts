import { compareAccuracies, predictClasses } from '@netspace/explore';
import { type PRepShape, unpackPRep } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { QualityZoo } from './quality-zoo.js';

/** How predicted networks compare with held-out targets, on test images. */
export interface Verdict {
  readonly difference: number;
  readonly spearman: number;
  readonly agreement: number;
}

/** Judges PReps `[M, H, W]` that a contender predicts of the held-out networks: one judge for all contenders. */
export type Judge = (preps: Float32Array, shape: PRepShape) => Promise<Verdict>;

export async function judgeOf({ heldOut, test }: QualityZoo): Promise<Judge> {
  const rightOf = (classes: Int32Array): number => classes.filter((one, i) => one === test.labels[i]).length / classes.length;
  const targets: Int32Array[] = [];
  for (const { instance } of heldOut) targets.push(await predictClasses(instance, test));
  return async (preps, [height, width]) => {
    const rows = [];
    for (const [i, { instance, record }] of heldOut.entries()) {
      const { architecture } = instance;
      const values = preps.subarray(i * height * width, (i + 1) * height * width);
      const parameters = tf.tidy(() => unpackPRep(tf.tensor2d(values, [height, width]), architecture));
      const classes = await predictClasses({ architecture, parameters }, test).finally(() => tf.dispose(parameters));
      const target = targets[i]!;
      rows.push({
        ...{ name: record.name, architecture: architecture.name, classId: 0, predictedClassId: 0 },
        ...{ targetAccuracy: rightOf(target), predictedAccuracy: rightOf(classes) },
        agreement: classes.filter((one, image) => one === target[image]).length / classes.length,
      });
    }
    const { difference, spearman, agreement } = compareAccuracies(rows);
    return { difference, spearman, agreement };
  };
}
