import { channelPermutation, packPRep, parameterCount, prepSymmetry, unpackPRep, type Instance } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import { initialize, lenetLike, resnet8, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { alignInstance } from './align-instance.js';
import { alignedDistance } from './aligned-distance.js';
import { groupedParameters } from './channel-groups.js';
import { weightMatching } from './weight-matching.js';

const architectures = [resnet8({ channels: 1, size: 40, width: 0.25 }), lenetLike({ channels: 1, size: 16, width: 0.3 })];
const network = (architecture: Instance['architecture'], seed: number): Instance => ({
  architecture,
  parameters: initialize(architecture.parameters, { seed }),
});

/** The same network with all hidden channels in another order. */
function shuffled(instance: Instance): Instance {
  const { architecture } = instance;
  const source = channelPermutation(architecture, (_, count) => Array.from({ length: count }, (_place, i) => (i + 1) % count));
  const shape = [1, parameterCount(architecture.parameters)] as const;
  return { architecture, parameters: unpackPRep(tf.gather(packPRep(instance, shape), tf.tensor1d(source, 'int32'), 1), architecture) };
}

describeOnRuntimes('alignment', () => {
  describe.each(architectures)('alignedDistance', (architecture) => {
    it('is zero for a network with its channels in another order', async () => {
      const a = network(architecture, 1);
      expect(alignedDistance(await groupedParameters(a), await groupedParameters(shuffled(a)))).toBeCloseTo(0, 6);
    });
    it('is large for networks that have nothing to do with each other, though less than without alignment', async () => {
      const [a, b] = [await groupedParameters(network(architecture, 1)), await groupedParameters(network(architecture, 2))];
      const distance = alignedDistance(a, b);
      expect(distance).toBeGreaterThan(0.8);
      expect(distance).toBeLessThan(Math.SQRT2);
    });
  });

  describe.each(architectures)('alignInstance', (architecture) => {
    it('undoes a permutation, to the bit', async () => {
      const a = network(architecture, 1);
      const aligned = await alignInstance(a, shuffled(a));
      aligned.parameters.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(a.parameters[i]!.dataSync()));
    });
    it('leaves what the network does as it is, and leaks no tensor', async () => {
      const [a, b] = [network(architecture, 1), network(architecture, 2)];
      const before = tf.memory().numTensors;
      const aligned = await alignInstance(a, b);
      expect(tf.memory().numTensors).toBe(before + aligned.parameters.length);
      const size = architecture === architectures[0] ? 40 : 16;
      const images = tf.randomNormal([2, size, size, 1], 0, 1, 'float32', 3);
      expectClose(architecture.apply(aligned.parameters, images).dataSync(), architecture.apply(b.parameters, images).dataSync(), 1e-4);
    });
  });

  describe('weightMatching', () => {
    it('finds the best of all permutations and signs of one hidden layer', async () => {
      const { groups, distances } = await everyOrderOfThree();
      expect([...groups]).toHaveLength(1);
      expect(Math.min(...distances.all)).toBeCloseTo(distances.found, 6);
    });
    it('refuses networks of two architectures', async () => {
      const [a, b] = await Promise.all(architectures.map((architecture) => groupedParameters(network(architecture, 1))));
      expect(() => weightMatching(a!, b!)).toThrow(/expected two networks of one architecture, got parameters/);
    });
  });
});

/** Distances of a SIREN with three hidden units to another in all six orders and eight signs of the units, and the one that is found. */
async function everyOrderOfThree() {
  const architecture = siren({ hidden: 3, layers: 0 });
  const [a, b] = [network(architecture, 1), network(architecture, 2)];
  const [first, second] = [await groupedParameters(a), await groupedParameters(b)];
  const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]; // prettier-ignore
  const signs = Array.from({ length: 8 }, (_, bits) => [0, 1, 2].map((bit) => ((bits >> bit) % 2 === 0 ? 1 : -1)));
  const flat = (weights: typeof first): number[] => weights.flatMap(({ data }) => [...data]);
  const norm = (values: readonly number[]): number => Math.hypot(...values);
  const all = orders.flatMap((order) =>
    signs.map((sign) => {
      const { source, factor } = prepSymmetry(architecture, { order: () => order, signs: () => sign });
      const moved = flat(second);
      const difference = flat(first).map((value, i) => value - factor[i]! * moved[source[i]!]!);
      // Places 9 to 11 are biases inside sin(30 …): only their place in a period of 2π / 30 counts.
      const turned = difference.map((value, i) => (i < 9 || i > 11 ? value : Math.asin(Math.sin(15 * value)) / 15));
      return norm(turned) / ((norm(flat(first)) + norm(flat(second))) / 2);
    }),
  );
  return { groups: weightMatching(first, second).keys(), distances: { all, found: alignedDistance(first, second) } };
}
