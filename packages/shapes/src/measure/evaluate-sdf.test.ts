import type { Instance } from '@netspace/prep';
import { initialize, siren } from '@netspace/zoo';
import { describeOnRuntimes, expectClose, twoHeads } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { evaluateSdf } from './evaluate-sdf.js';

const network = (outputs = 1): Instance => {
  const architecture = siren({ hidden: 8, outputs });
  return { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
};
const points = Float32Array.from({ length: 3 * 50 }, (_, i) => Math.sin(i) / 2);

describeOnRuntimes('evaluateSdf', () => {
  it('is the network at the points, whatever the batch size', async () => {
    const instance = network();
    const expected = instance.architecture.apply(instance.parameters, tf.tensor2d(points, [50, 3])).dataSync();
    for (const batchSize of [1, 7, 50, 1000]) expectClose(await evaluateSdf(instance, points, { batchSize }), expected, 1e-5);
    expect(await evaluateSdf(instance, new Float32Array())).toHaveLength(0);
  });

  it('takes functions, that answer now or later', async () => {
    const negated = (p: Float32Array) => p.filter((_, i) => i % 3 === 0).map((x) => -x);
    const expected = negated(points);
    expect(await evaluateSdf(negated, points)).toEqual(expected);
    expect(await evaluateSdf((p) => Promise.resolve([...negated(p)]), points)).toEqual(expected);
  });

  it('leaks no tensor', async () => {
    const instance = network();
    const before = tf.memory().numTensors;
    await evaluateSdf(instance, points, { batchSize: 20 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses half points, batches of nothing and fields of several values', async () => {
    const shape = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    await expect(evaluateSdf(network(), new Float32Array(4))).rejects.toThrow(shape);
    await expect(evaluateSdf(network(2), points)).rejects.toThrow(/one value for each of 50 points, got 100/);
    await expect(evaluateSdf({ architecture: twoHeads(), parameters: [] }, points)).rejects.toThrow(/two-heads-5, which has 2 \(class, size\); pass a function/); // prettier-ignore
    await expect(evaluateSdf(() => [1], points)).rejects.toThrow(shape);
    await expect(evaluateSdf(network(), Float32Array.of(0, 0, 0, 0, NaN, 0))).rejects.toThrow(/a finite point, got NaN at \(0, NaN, 0\)/);
    await expect(evaluateSdf(network(), points, { batchSize: 0 })).rejects.toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
