import { describeOnRuntimes } from '@netspace/testing';
import { adam, NetSpace } from '@netspace/model';
import type { Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { randomInstance, tinyClassifier, tinyDataset } from '../../testing/spaces.js';
import { evaluateSpace } from '../evaluate-space.js';
import { collapseRemark, evaluationRemarks } from '../remarks.js';
import { pairwiseDisagreement, variation } from './variation.js';

const [small, large] = [tinyClassifier(), tinyClassifier({ hidden: 5 })];
const dataset = tinyDataset(40);
const entries = () =>
  [small, small, small, large, large].map((architecture, i) => ({ name: `net-${i}`, instance: randomInstance(architecture, i + 1) }));

/** A space in which every embedding decodes to one network. */
function collapsedSpace(): NetSpace {
  const space = new NetSpace({
    ...{ architectures: [small, large], prepShape: [4, 16], preset: 'tiny', seed: 1 },
    start: { from: 'instance', instance: randomInstance(large, 9) },
  });
  const variable = space.variables['decoder/scalelayer.scale']!;
  tf.tidy(() => variable.assign(tf.zerosLike(variable)));
  return space;
}

/** A space that gives back the weights of some networks of one architecture. */
function trainedSpace(instances: readonly Instance[]): NetSpace {
  const [{ architecture }] = instances as [Instance];
  const space = new NetSpace({
    architectures: [architecture],
    prepShape: [4, 16],
    preset: 'tiny',
    decoderChannels: 8,
    seed: 1,
    units: { of: instances },
  });
  const optimizer = adam({ learningRate: 0.02 });
  const targets = space.pack(instances).preps;
  for (let step = 0; step < 100; step++) {
    tf.tidy(() => {
      const loss = () => tf.losses.meanSquaredError(targets, space.decode(space.encode(instances)).preps) as tf.Scalar;
      const { grads } = tf.variableGrads(loss, Object.values(space.variables));
      optimizer.apply(space.variables, Object.fromEntries(Object.entries(space.variables).map(([key, { name }]) => [key, grads[name]!])));
    });
  }
  optimizer.dispose();
  targets.dispose();
  return space;
}

describeOnRuntimes('evaluateSpace', () => {
  it('calls a collapsed space one', async () => {
    const space = collapsedSpace();
    const { diversity, remarks } = await evaluateSpace(space, entries(), dataset);
    expect(diversity).toMatchObject({ weightSpread: 0, fromStart: 0, disagreement: 0, collapsed: true });
    expect(diversity.targetDisagreement).toBeGreaterThan(0.1);
    expect(remarks.join(' ')).toMatch(
      /The space is collapsed: .* the spread of their weights is 0\.0 % .* The correlation means nothing: the space is collapsed/,
    );
    const { normalization } = new NetSpace({ ...{ architectures: space.architectures, prepShape: space.config.prepShape, preset: 'tiny' }, units: { of: entries().map(({ instance }) => instance) } }); // prettier-ignore
    expect(collapseRemark(diversity, { startedFrom: 'random', normalization: undefined })).toMatch(/with start and units of the zoo\.$/);
    expect(collapseRemark(diversity, { startedFrom: 'instance', normalization: undefined })).toMatch(/with units of the zoo\.$/);
    expect(collapseRemark(diversity, { startedFrom: 'instances', normalization })).toMatch(
      /It started from networks and has units: train it/,
    );
    space.dispose();
  });
});

const onWasm = { runtimes: ['wasm'] } as const; // plain JavaScript takes a minute to learn
describeOnRuntimes(
  'evaluateSpace',
  () => {
    it('does not call a space one that has learned its networks', async () => {
      const few = entries().slice(0, 3);
      const space = trainedSpace(few.map(({ instance }) => instance));
      const { diversity, remarks, instances } = await evaluateSpace(space, few, dataset);
      expect(instances.every(({ agreement }) => agreement > 0.8)).toBe(true);
      expect(diversity.collapsed).toBe(false);
      for (const ratio of [diversity.weightSpread!, diversity.fromStart!, diversity.disagreement! / diversity.targetDisagreement!]) {
        expect(ratio).toBeGreaterThan(0.7);
        expect(ratio).toBeLessThan(1.3);
      }
      expect(remarks).toEqual(['ClassIds mean nothing: all networks are of one architecture.']);
      space.dispose();
    });
  },
  onWasm,
);

describe('evaluationRemarks', () => {
  const healthy = { weightSpread: 0.8, fromStart: 0.9, disagreement: 0.3, targetDisagreement: 0.3, collapsed: false };
  const row = (targetAccuracy: number, predictedAccuracy: number, classId = 0, predictedClassId = classId) => ({
    ...{ targetAccuracy, predictedAccuracy, classId, predictedClassId },
  });
  const rows = [row(0.2, 0.3), row(0.5, 0.6, 1), row(0.9, 0.8, 1)];
  it('says nothing of numbers that mean something', () => {
    expect(evaluationRemarks(rows, healthy, 1000)).toEqual([]);
  });
  it('says when accuracies spread no more than by chance, or there are too few', () => {
    const close = [row(0.2, 0.5), row(0.5, 0.52, 1), row(0.9, 0.51, 1)];
    expect(evaluationRemarks(close, healthy, 100)).toEqual([
      'The correlation means nothing: accuracies of predicted networks spread by 0.8 %, and chance alone gives 5.0 % on 100 images.',
    ]);
    expect(evaluationRemarks(rows.slice(0, 2), healthy, 100)).toEqual([
      'The correlation means nothing: it needs three networks, and there are 2.',
    ]);
  });
  it('says when ClassIds do not tell architectures apart', () => {
    expect(
      evaluationRemarks(
        rows.map((one) => ({ ...one, predictedClassId: 1 })),
        healthy,
        1000,
      ),
    ).toEqual(['ClassIds mean nothing: networks of 2 architectures are all taken for ClassId 1.']);
    expect(
      evaluationRemarks(
        rows.map((one) => ({ ...one, classId: 0 })),
        healthy,
        1000,
      ),
    ).toEqual(['ClassIds mean nothing: all networks are of one architecture.']);
  });
});

describe('variation', () => {
  it('is the mean squared distance from the mean, and exactly 0 of equal vectors', () => {
    const [spread, equal] = [variation(), variation()];
    for (const values of [[1, 0], [3, 0], [1, 4], [3, 4]]) spread.add(Float32Array.from(values)); // prettier-ignore
    expect(spread.meanSquare()).toBe(5); // 1 along the first axis, 4 along the second
    for (let i = 0; i < 3; i++) equal.add(Float32Array.from([1e8, 0.1]));
    expect([equal.count(), equal.meanSquare()]).toEqual([3, 0]);
  });
});

describe('pairwiseDisagreement', () => {
  it('is the share of questions on which two differ, mean over pairs', () => {
    expect(pairwiseDisagreement([Int32Array.of(1, 2), Int32Array.of(1, 3)])).toBe(0.5);
    expect(pairwiseDisagreement([Int32Array.of(0), Int32Array.of(1), Int32Array.of(1)])).toBeCloseTo(2 / 3, 12);
  });
});
