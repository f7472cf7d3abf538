import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { interpolationLoss, type InterpolationInputs } from './interpolation/interpolation.js';
import { multiArchitectureLoss } from './multi-architecture.js';
import { routeByTarget } from './networks/route.js';

const numbers = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;

/** A space whose embedding is its PRep [1, 3] and whose class logits are its first three entries; network c multiplies by c + 1. */
const inputs = (embeddings: tf.Tensor2D, over: Partial<InterpolationInputs> = {}): InterpolationInputs => ({
  embeddings,
  classIds: [0, 2],
  architectures: 3,
  decode: (e) => ({ preps: tf.reshape(e, [-1, 1, 3]), classLogits: tf.mul<tf.Tensor2D>(e, 2) }),
  forward: (preps, ids) => tf.unstack(preps).map((prep, k) => tf.mul<tf.Tensor2D>(prep, ids[k]! + 1)),
  teacher: tf.tensor2d([[1, -1, 0.5]]),
  labels: tf.tensor1d([1], 'int32'),
  ...over,
});

const embeddings = () =>
  tf.tensor2d([
    [1, 0.1, -0.4],
    [0.3, -0.2, 1.2],
  ]);

describeOnRuntimes('multiArchitectureLoss', () => {
  it('is the base plus the interpolation loss, each the class loss plus 0.9 distillation plus 0.1 cross-entropy', () => {
    const loss = multiArchitectureLoss(inputs(embeddings()));
    const alone = interpolationLoss(inputs(embeddings()));
    const between = loss.interpolation!;
    expectClose([numbers(loss.total)], [numbers(loss.base) + numbers(between.total)], 1e-6);
    expectClose([numbers(loss.base)], [numbers(loss.classId) + 0.9 * numbers(loss.distillation) + 0.1 * numbers(loss.crossEntropy)], 1e-6);
    expectClose([numbers(between.total)], [numbers(alone.total)], 1e-6);
    expect(between.samples).toMatchObject({ pairs: [{ smallest: 0, largest: 1 }], gammas: [0.5], targets: [1], predictedClassIds: [0] });
    expect(loss.predictedClassIds).toEqual([0, 2]);
  });
  it('decodes batch and samples at once, or in two calls with the same result', () => {
    const rows: number[] = [];
    const counting = inputs(embeddings(), {
      decode: (e) => {
        rows.push(e.shape[0]);
        return { preps: tf.reshape(e, [-1, 1, 3]), classLogits: tf.mul<tf.Tensor2D>(e, 2) };
      },
    });
    const once = multiArchitectureLoss(counting);
    expect(rows).toEqual([3]);
    const twice = multiArchitectureLoss(counting, { oneBatch: false });
    expect(rows).toEqual([3, 2, 1]);
    expectClose(twice.total.dataSync(), once.total.dataSync(), 1e-6);
  });
  it('has ablations: no interpolation, no distillation, other weights', () => {
    const full = multiArchitectureLoss(inputs(embeddings()));
    const without = multiArchitectureLoss(inputs(embeddings()), { interpolation: false });
    expect(without.interpolation).toBeUndefined();
    expectClose(without.total.dataSync(), full.base.dataSync(), 1e-6);

    const { teacher: _, ...unsupervised } = inputs(embeddings());
    const labelsOnly = multiArchitectureLoss(unsupervised, { distillation: false, interpolation: false });
    expect(numbers(labelsOnly.distillation)).toBe(0);
    expectClose([numbers(labelsOnly.total)], [numbers(full.classId) + numbers(full.crossEntropy)], 1e-6);
    expect(() => multiArchitectureLoss(unsupervised, { interpolation: false })).toThrow(/teacher/);

    const ignored = { distillation: false, temperature: 2 };
    expect(() => multiArchitectureLoss(unsupervised, ignored)).toThrow(/expected no temperature without distillation, got 2; leave it out/);

    const useless = { interpolation: false, weights: { interpolation: 2 } };
    expect(() => multiArchitectureLoss(inputs(embeddings()), useless)).toThrow(/no weights\.interpolation without interpolation, got 2/);

    const weighted = multiArchitectureLoss(inputs(embeddings()), { weights: { classId: 0, task: 2, interpolation: 3 } });
    const task = 0.9 * numbers(full.distillation) + 0.1 * numbers(full.crossEntropy);
    expectClose([numbers(weighted.base)], [2 * task], 1e-6);
    expectClose([numbers(weighted.total)], [numbers(weighted.base) + 3 * numbers(weighted.interpolation!.total)], 1e-6);
  });
  it('runs each network as its route says', () => {
    const seen: number[][] = [];
    const watched = inputs(embeddings(), {
      forward: (preps, ids) => {
        seen.push([...ids]);
        return tf.unstack(preps) as tf.Tensor2D[];
      },
    });
    multiArchitectureLoss(watched, { route: routeByTarget });
    expect(seen).toEqual([[0, 2, 1]]);
  });
  it('is without interpolation terms where the batch has no boundary pair', () => {
    const loss = multiArchitectureLoss(inputs(embeddings(), { classIds: [0, 1] }));
    expect(numbers(loss.interpolation!.total)).toBe(0);
    expect(loss.interpolation!.samples.embeddings.shape).toEqual([0, 3]);
    expectClose(loss.total.dataSync(), loss.base.dataSync(), 1e-6);
  });
  it('has the gradient that finite differences have', () => {
    const total = (e: tf.Tensor) => multiArchitectureLoss(inputs(e as tf.Tensor2D)).total;
    expectClose(tf.grad(total)(embeddings()).dataSync(), finiteDifference(total, embeddings()), 5e-3);
  });
  it('leaks no tensor', () => {
    const given = inputs(embeddings());
    expectNoLeak(() => multiArchitectureLoss(given));
    expectNoLeak(() => multiArchitectureLoss(given, { interpolation: false }));
    expectNoLeak(() => interpolationLoss(given));
    expectNoLeak(() => tf.tidy(() => multiArchitectureLoss(given).total));
  });
  it('refuses callbacks that yield another number of networks', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    const wrong = (over: Partial<InterpolationInputs>) => () => multiArchitectureLoss(inputs(embeddings(), over));
    expect(wrong({ forward: () => [] })).toThrow(refused);
    expect(wrong({ decode: () => ({ preps: tf.zeros([1, 1, 3]), classLogits: tf.zeros([1, 3]) }) })).toThrow(refused);
    expect(wrong({ classIds: [0] })).toThrow(refused);
    expect(() => multiArchitectureLoss(inputs(embeddings()), { route: () => [] })).toThrow(refused);
  });
  it('refuses a missing class head or teacher, and options out of range', () => {
    const refused = expect.objectContaining({ code: 'INVALID_OPTION' });
    const wrong = (over: Partial<InterpolationInputs>) => () => multiArchitectureLoss(inputs(embeddings(), over));
    expect(wrong({ decode: (e) => ({ preps: tf.reshape(e, [-1, 1, 3]), classLogits: undefined }) })).toThrow(refused);
    expect(wrong({ teacher: undefined })).toThrow(refused);
    expect(wrong({ classIds: [0, 3] })).toThrow(refused);
    expect(wrong({ architectures: 0 })).toThrow(refused);
    expect(() => multiArchitectureLoss(inputs(embeddings()), { alpha: -1 })).toThrow(refused);
    expect(() => multiArchitectureLoss(inputs(embeddings()), { temperature: 0 })).toThrow(refused);
  });
});
