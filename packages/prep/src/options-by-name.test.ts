import '@tensorflow/tfjs';
import { itRefusesMisspelt } from '@netspace/testing/option-refusals';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { packBatchOptions } from './codec/batch.js';
import { requiredPRepShapeOptions } from './codec/prep-shape.js';
import { foldBatchNormOptions, normalizedLayer } from './fold-batch-norm.js';
import * as prep from './index.js';
import { symmetryChoice } from './permutation/prep-symmetry.js';
import { permutationSpecOptions } from './symmetry/permutation-spec.js';

const architecture = prep.unresolvedArchitecture('one', [{ name: 'w', shape: [1] }]);
const one = tf.ones([1]);
const layer = { weight: tf.ones([1, 1]), gamma: one, beta: one, mean: one, variance: one };
const keys = ({ entries }: { readonly entries: object }): string[] => Object.keys(entries);

itRefusesMisspelt(
  prep,
  {
    permutationSpec: [keys(permutationSpecOptions), (o) => prep.permutationSpec(architecture, o)],
    prepSymmetry: [keys(symmetryChoice), (o) => prep.prepSymmetry(architecture, o)],
    packBatch: [keys(packBatchOptions), (o) => prep.packBatch([{ architecture, parameters: [one] }], o)],
    requiredPRepShape: [keys(requiredPRepShapeOptions), (o) => prep.requiredPRepShape([architecture], o)],
    foldBatchNorm: [keys(foldBatchNormOptions), (o) => prep.foldBatchNorm(layer, o)],
    'foldBatchNorm: layer': [keys(normalizedLayer), (o) => prep.foldBatchNorm({ ...layer, ...(o as object) })],
  },
  [
    ...['parameterCount', 'tensorShape', 'packPRep', 'packPReps', 'unpackPRep', 'unpackPReps', 'divergenceOf', 'disposeInstances'],
    ...['isNetSpaceError', 'NetSpaceError', 'joinInputs', 'splitInputs', 'channelPermutation', 'unresolvedArchitecture'],
  ],
);

it('channelPermutation says what it was not given', () => {
  expect(() => prep.channelPermutation(architecture, undefined as never)).toThrow(
    'channelPermutation: expected order to be a function, got nothing',
  );
  expect(() => prep.channelPermutation([] as never, () => [0])).toThrow(
    'channelPermutation: expected architecture to be an architecture, got []',
  );
});
