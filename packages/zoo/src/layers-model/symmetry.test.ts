import { parameterCount, permutationSpec, prepSymmetry, type Architecture } from '@netspace/prep';
import { changedInstance, randomPermutation, randomStream } from '@netspace/prep/internal';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';

import { architectureByName } from '../architectures/by-name.js';
import { initialize } from '../initialize.js';
import { architectureFromLayersModel, instanceFromLayersModel } from './functional-call.js';
import { batchFor, MODELS, randomize } from './testing/models.js';

/** A change of everything that can be changed, which a seed decides. */
function changeOf(architecture: Architecture, seed: number) {
  const random = randomStream(seed);
  return prepSymmetry(architecture, {
    order: (_, count) => randomPermutation(count, random),
    signs: (_, count) => Array.from({ length: count }, () => (random() < 0.5 ? 1 : -1)),
    turns: (_, count) => Array.from({ length: count }, () => Math.floor(3 * random()) - 1),
  });
}
const reversed = (architecture: Architecture) => prepSymmetry(architecture, { order: (_, count) => [...Array(count).keys()].reverse() });
const numbers = ({ parameters }: Architecture) => Int32Array.from({ length: parameterCount(parameters) }, (_, i) => i);

/** Models without hidden channels, or whose channels are in the order of their inputs. One reads its numbers while it runs. */
const FIXED = [
  ...['noise and dropout', 'rescaling', 'center crop', 'category encoding', 'masking, conv1d', 'layer norm', 'layer norm without scale'],
  ...['pooling3d', 'a shared layer', 'a layer of layers', 'initial state', 'softmax layer at the end', 'softmax activation at the end'],
  ...['softmax that others read', 'softmax over time', 'softmax of pixels', 'global pooling 1d', 'dot, normalized'],
];

describeOnRuntimes(
  'symmetries of a model of each kind of layer',
  () => {
    afterAll(() => tf.disposeVariables());

    it.each(Object.keys(MODELS))('%s: the network does the same after a change of orders, signs and phases', async (name) => {
      const model = randomize(MODELS[name]!(), 1);
      const architecture = architectureFromLayersModel(model);
      const instance = await instanceFromLayersModel(model, architecture);
      const x = batchFor(name, model);
      const before = architecture.apply(instance.parameters, x).dataSync();
      expect(prepSymmetry(architecture, {}).source).toEqual(numbers(architecture));
      fc.assert(
        fc.property(fc.nat(1000), (seed) => {
          const changed = changedInstance(instance, changeOf(architecture, seed));
          tf.tidy(() => expectClose(architecture.apply(changed.parameters, x).dataSync(), before, 1e-5));
          tf.dispose([...changed.parameters]);
        }),
        { numRuns: 3 },
      );
      const moved = reversed(architecture).source.some((from, to) => from !== to);
      expect(moved).toBe(!FIXED.includes(name));
    });
  },
  { runtimes: ['cpu'] },
);

describeOnRuntimes('symmetries of the built-in architectures', (runtime) => {
  const sizes = { 'lenet-like-2x16x16-3-w0.3': [16, 16, 2], 'lenet-like-1x48x48-3-w0.5': [48, 48, 1], 'vanilla-cnn-1x16x16-3-w0.3': [16, 16, 1], 'resnet8-1x40x40-3-w0.3': [40, 40, 1], 'resnet14-1x9x9-3-w0.3': [9, 9, 1], 'resnet8-3x64x64-5-w0.2': [64, 64, 3], 'siren-2-8x2-1': [2], 'siren-3-16x1-1-omega10': [3] }; // prettier-ignore

  it.each(Object.entries(sizes))('%s: those found are those written by hand', (name, size) => {
    const architecture = architectureByName(name);
    expectNoLeak(() => void permutationSpec(architecture, { inputShape: [2, ...size] }));
    const found = { ...architecture, parameters: permutationSpec(architecture, { inputShape: [2, ...size] }) };
    expect(partition(found)).toEqual(partition(architecture));
    expect(found.parameters.map(({ period }) => period)).toEqual(architecture.parameters.map(({ period }) => period));
    expect(found.parameters.map(({ signs = [] }) => signs.map((units) => units !== undefined))).toEqual(
      architecture.parameters.map(({ signs = [] }) => (signs.some((units) => units !== undefined) ? signs.map((units) => units !== undefined) : [])),
    ); // prettier-ignore
  });
  it.each(Object.entries(sizes))('%s does the same after a change of orders, signs and phases', (name, size) => {
    const architecture = architectureByName(name);
    const scheme = name.startsWith('siren') ? 'siren' : 'pytorch';
    const parameters = initialize(architecture.parameters, { seed: 4, scheme });
    const x = tf.randomNormal([3, ...size], 0, 1, 'float32', 7);
    const before = architecture.apply(parameters, x).dataSync();
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        tf.tidy(() => {
          const changed = changedInstance({ architecture, parameters }, changeOf(architecture, seed));
          // A period of 2π is rounded in float32.
          expectClose(architecture.apply(changed.parameters, x).dataSync(), before, scheme === 'siren' ? 5e-5 : 1e-5);
        });
      }),
      { numRuns: runtime === 'cpu' ? 2 : 4 },
    );
  });
});

/** Which numbers of the PRep go together: the places to which each takes its number, for an order that tells channels apart. */
function partition(architecture: Architecture): readonly string[] {
  const groups = new Map<string, number>();
  const shift = (name: string | undefined): number => {
    const known = groups.get(name ?? '') ?? groups.size;
    groups.set(name ?? '', known);
    return known;
  };
  const rotated = (by: number) =>
    prepSymmetry(architecture, { order: (name, count) => Array.from({ length: count }, (_, i) => (i + by * (shift(name) + 1)) % count) });
  return [1, 2, 3].map((by) => rotated(by).source.join());
}
