import * as tf from '@tensorflow/tfjs-core';
import { describeOnRuntimes } from '@netspace/testing';
import { type Instance } from '@netspace/prep';
import { expect, it } from 'vitest';

import { createImageDataset } from '../datasets/image-dataset.js';
import { accuracy } from './accuracy.js';
import { predictClasses } from './predict-classes.js';

/** Ten images of one pixel, whose value is the class that the networks here read off; every other label is that class. */
const brightness = Uint8Array.from({ length: 10 }, (_, i) => i % 3);
const labels = Uint8Array.from(brightness, (value, i) => (i % 2 === 0 ? value : (value + 1) % 3));
const dataset = createImageDataset({ name: 'pixels', shape: [1, 1, 1], classes: 3, mean: [0], std: [1 / 255], images: brightness, labels });
const network = (logits: (pixels: tf.Tensor1D) => tf.Tensor): Instance => ({
  architecture: { name: 'pixel', parameters: [], apply: (_, x) => tf.tidy(() => logits(tf.reshape(x, [-1]))) },
  parameters: [],
});
const reader = network((pixels) => tf.oneHot(tf.cast(tf.round(pixels), 'int32'), 3));

describeOnRuntimes('accuracy', () => {
  it('is the fraction of images whose label a network gives, whatever the batches', async () => {
    expect([...(await predictClasses(reader, dataset, { batchSize: 4 }))]).toEqual([...brightness]);
    for (const batchSize of [1, 3, 10, 250]) expect(await accuracy(reader, dataset, { batchSize })).toBe(0.5);
  });
  it('counts an output of NaN as wrong', async () => {
    const broken = network((pixels) => tf.fill([pixels.shape[0], 3], NaN));
    expect([...new Set(await predictClasses(broken, dataset))]).toEqual([-1]);
    expect(await accuracy(broken, dataset)).toBe(0);
  });
  it('leaks no tensor', async () => {
    const before = tf.memory().numTensors;
    await accuracy(reader, dataset);
    expect(tf.memory().numTensors).toBe(before);
  });
  it('refuses arguments in the wrong order, no data and networks of another task', async () => {
    const untyped = accuracy as (...given: unknown[]) => Promise<unknown>;
    await expect(untyped(dataset, reader)).rejects.toThrow(
      /dataset to be an image data set, as createImageDataset makes it, got an object/,
    );
    await expect(untyped(reader)).rejects.toThrow(/dataset to be an image data set, .* got nothing/);
    await expect(
      accuracy(
        network((pixels) => tf.zeros([pixels.shape[0], 2])),
        dataset,
      ),
    ).rejects.toThrow(/3 outputs for pixels, got \[10,2\]/);
  });
});
