import { classIdLoss, distillationLoss, knowledgeDistillationLoss } from '@netspace/losses';
import { NetSpace } from '@netspace/model';
import { describeOnRuntimes, expectNoLeak, twoHeads } from '@netspace/testing';
import { imageBatch } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { latentObjective, type LatentBatch } from './latent-objective.js';
import { optimizeLatent } from './optimize-latent.js';
import { outputsObjective } from './outputs-objective.js';
import { teacherBatch } from './teacher-batch.js';
import { randomInstance, tinyClassifier, tinyDataset, tinySpace } from '../testing/spaces.js';

const small = tinyClassifier();
const large = tinyClassifier({ hidden: 5 });
const value = (scalar: tf.Tensor) => scalar.dataSync()[0]!;

function setting() {
  const space = tinySpace([small, large], randomInstance(large, 3));
  const embedding = space.encode([randomInstance(small, 4), randomInstance(large, 5)]);
  const { images, labels } = imageBatch(tinyDataset(), [0, 1, 2, 3]);
  const batch = { images, labels, teacher: tf.randomNormal([4, 3], 0, 1, 'float32', 9) as tf.Tensor2D } satisfies LatentBatch;
  const point = { ...space.decode(embedding), embedding };
  const logits = space.instantiateAs(embedding, [1, 1]).map(({ parameters }) => large.apply(parameters, images) as tf.Tensor2D);
  return { space, batch, point, logits };
}

describeOnRuntimes('latentObjective', () => {
  it('is L_kd of each row plus L_class', () => {
    const { space, batch, point, logits } = setting();
    const options = { alpha: 0.7, temperature: 2 };
    const imitation = logits.map((student) => value(knowledgeDistillationLoss(student, batch.teacher, batch.labels, options)));
    const classTerm = value(classIdLoss(point.classLogits!, [1, 1]));
    const got = value(latentObjective({ space, batch, classId: 1, classWeight: 3, ...options })(point, 0));
    expect(got).toBeCloseTo(imitation[0]! + imitation[1]! + 3 * classTerm, 4);
    space.dispose();
  });
  it("is the teacher's part alone without labels, also in the authors' variant", () => {
    const { space, batch, point, logits } = setting();
    const { images, teacher } = batch;
    for (const squaredTemperature of [true, false]) {
      const imitation = logits.map((student) => value(distillationLoss(student, teacher, { squaredTemperature })));
      const objective = latentObjective({ space, batch: { images, teacher }, classId: 1, classWeight: 0, squaredTemperature });
      expect(value(objective(point, 0))).toBeCloseTo(imitation[0]! + imitation[1]!, 4);
    }
    space.dispose();
  });
  it('runs networks of one architecture at once where the architecture can', () => {
    const { space, batch, point } = setting();
    const many = {
      ...large,
      applyMany: (parameters: readonly tf.Tensor[], x: tf.Tensor) =>
        tf.stack(
          [0, 1].map((i) =>
            large.apply(
              parameters.map((tensor) => tf.unstack(tensor)[i]!),
              x,
            ),
          ),
        ),
    };
    const [alone, together] = [large, many].map((architecture) =>
      value(latentObjective({ space: { architectures: [small, architecture] }, batch, classId: 1 })(point, 0)),
    );
    expect(together).toBeCloseTo(alone!, 5);
    space.dispose();
  });
  it('sees networks in the units of the architecture asked for, where a space normalizes', async () => {
    const instances = [small, small, large, large].map((architecture, i) => randomInstance(architecture, i));
    const space = new NetSpace({ architectures: [small, large], prepShape: [4, 16], preset: 'tiny', units: { of: instances }, seed: 2 });
    const embedding = space.encode(instances.slice(0, 1));
    const { images, labels } = imageBatch(tinyDataset(), [0, 1, 2, 3]);
    const batch = { images, labels, teacher: tf.zeros<tf.Rank.R2>([4, 3]) };
    const { classLogits } = space.decode(embedding);
    for (const [classId, architecture] of space.architectures.entries()) {
      const [network] = space.instantiateAs(embedding, [classId]);
      const logits = architecture.apply(network!.parameters, images) as tf.Tensor2D;
      const expected = value(knowledgeDistillationLoss(logits, batch.teacher, labels)) + value(classIdLoss(classLogits!, [classId]));
      const search = await optimizeLatent(space, embedding, { loss: latentObjective({ space, batch, classId }), steps: 1 });
      expect(search.losses[0]).toBeCloseTo(expected, 4);
    }
    space.dispose();
  });
  it('draws a batch for each step', () => {
    const { space, batch, point } = setting();
    const steps: number[] = [];
    const drawn = (step: number) => {
      steps.push(step);
      return batch;
    };
    const objective = latentObjective({ space, batch: drawn, classId: 0 });
    [0, 1, 5].forEach((step) => objective(point, step));
    expect(steps).toEqual([0, 1, 5]);
    space.dispose();
  });
  it('leaks no tensor inside tidy', () => {
    const { space, batch, point } = setting();
    const objective = latentObjective({ space, batch, classId: 0 });
    expectNoLeak(() => tf.tidy(() => objective(point, 0)));
    space.dispose();
  });
  it('refuses a missing or unknown ClassId and a negative weight', () => {
    const { space, batch } = setting();
    expect(() => latentObjective({ space, batch })).toThrow(/expected a classId of 0 \(tiny-4-3\), 1 \(tiny-4-5-3\), got none/);
    expect(() => latentObjective({ space, batch, classId: 2 })).toThrow(/got 2/);
    expect(() => latentObjective({ space, batch, classId: 0, classWeight: -1 })).toThrow(/classWeight to be a number from 0 up, got -1/);
    space.dispose();
  });
});

describe('objectives of networks of several outputs', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const architecture = twoHeads();
  const none = /expected the name of the output .* two-heads-5 has 2, got none; choose one of class, size/;

  it('compare the output that they name, and are refused without its name', () => {
    const [start, teacher] = [1, 2].map((seed) => randomInstance(architecture, seed));
    const space = tinySpace([architecture], start!);
    const embedding = space.encode([start!]);
    const point = { ...space.decode(embedding), embedding };
    const { images } = imageBatch(tinyDataset(), [0, 1, 2, 3]);
    const of = (parameters: readonly tf.Tensor[], name: string) => architecture.applyNamed!(parameters, { x: images })[name]!;
    const { parameters } = space.instantiateAs(embedding, [0])[0]!;
    const batch = teacherBatch(tinyDataset(), [0, 1, 2, 3], teacher!, { output: 'class' });
    expect([...batch.teacher.dataSync()]).toEqual([...of(teacher!.parameters, 'class').dataSync()]);
    const { labels: _, ...unlabeled } = batch;
    const imitation = value(distillationLoss(of(parameters, 'class') as tf.Tensor2D, batch.teacher));
    expect(value(latentObjective({ space, batch: unlabeled, output: 'class' })(point, 0))).toBeCloseTo(imitation, 4);
    const [mine, theirs] = [parameters, teacher!.parameters].map((own) => of(own, 'size').dataSync<'float32'>());
    const squared = mine!.reduce((sum, number, i) => sum + (number - theirs![i]!) ** 2, 0) / 4;
    const options = { space, teacher: teacher!, inputs: () => tf.clone(images) };
    expect(value(outputsObjective({ ...options, output: 'size' })(point, 0))).toBeCloseTo(squared, 4);
    expect(() => teacherBatch(tinyDataset(), [0], teacher!)).toThrow(none);
    expect(() => latentObjective({ space, batch })).toThrow(none);
    expect(() => outputsObjective(options)).toThrow(none);
    space.dispose();
  });
});
