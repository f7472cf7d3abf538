import { describeOnRuntimes } from '@netspace/testing';
import { imageBatch } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { teacherBatch } from '../latent/teacher-batch.js';
import { perfectClassifier, randomInstance, tinyClassifier, tinyDataset, tinySpace } from '../testing/spaces.js';
import { reconstruct } from './reconstruct.js';

describeOnRuntimes('reconstruct', () => {
  it('decodes what a network encodes to, and leaks nothing', async () => {
    const architecture = tinyClassifier();
    const space = tinySpace([architecture], randomInstance(architecture, 3));
    const target = randomInstance(architecture, 4);
    const before = tf.memory().numTensors;
    const predicted = await reconstruct(space, target);
    expect(tf.memory().numTensors).toBe(before + predicted.parameters.length);
    const [expected] = await space.instantiate(space.encode([target]));
    predicted.parameters.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(expected!.parameters[i]!.dataSync()));
    expect(predicted.classId).toBe(0);
    space.dispose();
  });
});

describeOnRuntimes('teacherBatch', () => {
  it('is images, their labels and what the teacher says of them', () => {
    const [dataset, teacher] = [tinyDataset(), perfectClassifier()];
    const before = tf.memory().numTensors;
    const batch = teacherBatch(dataset, [5, 0, 7], teacher);
    expect(tf.memory().numTensors).toBe(before + 3);
    const { images, labels } = imageBatch(dataset, [5, 0, 7]);
    expect(batch.images.dataSync()).toEqual(images.dataSync());
    expect(batch.labels.dataSync()).toEqual(labels.dataSync());
    expect([...tf.argMax(batch.teacher, 1).dataSync()]).toEqual([...labels.dataSync()]); // it is always right
  });
});
