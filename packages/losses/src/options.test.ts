import '@tensorflow/tfjs';
import { itRefusesMisspelt, refusalOf } from '@netspace/testing/option-refusals';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { accuracyGapLoss, accuracyGapLossOptions } from './accuracy-gap.js';
import { clampedSdfLoss, clampedSdfLossOptions } from './clamped-sdf.js';
import { classIdLoss, classIdLossOptions } from './class-id.js';
import { distillationLoss, distillationLossOptions } from './distillation.js';
import * as api from './index.js';
import { interpolationLoss } from './interpolation/interpolation.js';
import { interpolationLossOptions } from './interpolation/interpolation-terms.js';
import { knowledgeDistillationLoss, knowledgeDistillationLossOptions } from './knowledge-distillation.js';
import { multiArchitectureLoss, multiArchitectureLossOptions } from './multi-architecture.js';
import { singleArchitectureLoss, singleArchitectureLossOptions } from './single-architecture.js';
import { targetDistillationLoss, targetDistillationLossOptions } from './target-distillation.js';
import { elementWeights, elementWeightsOptions } from './weights.js';

const logits = tf.tensor2d([[1, 2]]);
const labels = tf.tensor1d([0], 'int32');
const network = { decode: () => ({ preps: tf.zeros<tf.Rank.R3>([1, 1, 1]), classLogits: logits }), forward: () => [logits] };
const common = { embeddings: logits, classIds: [0], architectures: 2, labels, ...network };
const taught = { ...common, teacher: logits };
const imitating = { ...common, targets: [logits] };
const losses = {
  accuracyGapLoss: [accuracyGapLossOptions, (o) => accuracyGapLoss([logits], [logits], labels, o)],
  clampedSdfLoss: [clampedSdfLossOptions, (o) => clampedSdfLoss(logits, logits, o)],
  classIdLoss: [classIdLossOptions, (o) => classIdLoss(logits, [0], o)],
  distillationLoss: [distillationLossOptions, (o) => distillationLoss(logits, logits, o)],
  interpolationLoss: [interpolationLossOptions, (o) => interpolationLoss(taught, o)],
  knowledgeDistillationLoss: [knowledgeDistillationLossOptions, (o) => knowledgeDistillationLoss(logits, logits, labels, o)],
  multiArchitectureLoss: [multiArchitectureLossOptions, (o) => multiArchitectureLoss(taught, o)],
  singleArchitectureLoss: [singleArchitectureLossOptions, (o) => singleArchitectureLoss([logits], [logits], o)],
  targetDistillationLoss: [targetDistillationLossOptions, (o) => targetDistillationLoss(imitating, o)],
  elementWeights: [elementWeightsOptions, (o) => elementWeights({ prepShape: [1, 1], parameterCount: 1, ...(o as object) })],
} satisfies Record<string, readonly [{ readonly entries: object }, (options: never) => unknown]>;

describe.each(Object.entries(losses))('options of %s', (name, [{ entries }, run]) => {
  const keys = Object.keys(entries);
  it('are refused by name if they are unknown or of a wrong kind', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]\w*$/), fc.anything(), (key, value) => {
        fc.pre(!keys.includes(key));
        expect(refusalOf(() => run({ [key]: value } as never))).toContain(`${name}: unknown option ${key}; `);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.constantFrom(NaN, -1, 'much', null, Symbol('s'), 7n, [], [1]), (key, value) => {
        expect(refusalOf(() => run({ [key]: value } as never))).toMatch(new RegExp(`^${name}: expected ${key} to be `));
      }),
    );
  });
});

itRefusesMisspelt(
  api,
  {
    ...Object.fromEntries(Object.entries(losses).map(([name, [{ entries }, run]]) => [name, [Object.keys(entries), run] as const])),
    'interpolationLoss: inputs': [Object.keys(taught), (o) => interpolationLoss({ ...taught, ...(o as object) })],
    'multiArchitectureLoss: inputs': [Object.keys(taught), (o) => multiArchitectureLoss({ ...taught, ...(o as object) })],
    'targetDistillationLoss: inputs': [Object.keys(imitating), (o) => targetDistillationLoss({ ...imitating, ...(o as object) })],
  },
  ['crossEntropyLoss', 'gammaSchedule', 'occupancyLoss', 'routeByArgMax', 'routeByTarget', 'sdfLoss', 'squaredErrorLoss', 'weightsLoss'],
);
