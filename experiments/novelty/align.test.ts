import '@tensorflow/tfjs';
import { initialise, resnet8 } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { alignedDistance } from './align.js';
import { groupedParameters } from './channel-groups.js';

const architecture = resnet8({ channels: 1, size: 16, width: 0.25 });
const network = (seed: number) => ({ architecture, parameters: initialise(architecture.parameters, { seed }) });

/** The same network with the channels of a group in another order. */
async function shuffled(instance: ReturnType<typeof network>, group: string) {
  const grouped = await groupedParameters(instance);
  const parameters = instance.parameters.map((tensor, i) => {
    const { groups, shape } = grouped[i]!;
    return groups.reduce<tf.Tensor>((x, name, axis) => {
      if (name !== group) return x;
      const order = Array.from({ length: shape[axis]! }, (_, k) => (3 * k + 1) % shape[axis]!);
      return tf.reshape(tf.gather(tf.reshape(x, [...shape]), tf.tensor1d(order, 'int32'), axis), tensor.shape);
    }, tensor);
  });
  return { architecture, parameters };
}

describe('alignedDistance', () => {
  it.each(['stage 0', 'block 1.0', 'stage 2'])(
    'is zero for a network with the channels of %s in another order, which does the same',
    async (group) => {
      const a = network(1);
      const b = await shuffled(a, group);
      const x = tf.randomNormal([2, 16, 16, 1]);
      const [ya, yb] = [a, b].map(({ parameters }) => architecture.apply(parameters, x).dataSync());
      [...ya!].forEach((value, i) => expect(yb![i]).toBeCloseTo(value, 4));
      const moved = b.parameters.some((tensor, i) => tf.max(tf.abs(tf.sub(tensor, a.parameters[i]!))).dataSync()[0]! > 0.01);
      expect(moved).toBe(true);
      expect(alignedDistance(await groupedParameters(a), await groupedParameters(b))).toBeCloseTo(0, 6);
    },
  );
  it('is large for networks that have nothing to do with each other, though less than without alignment', async () => {
    const [a, b] = [await groupedParameters(network(1)), await groupedParameters(network(2))];
    const distance = alignedDistance(a, b);
    expect(distance).toBeGreaterThan(0.8);
    expect(distance).toBeLessThan(Math.SQRT2);
  });
});
