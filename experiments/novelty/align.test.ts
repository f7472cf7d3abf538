import '@tensorflow/tfjs';
import { channelPermutation, packPRep, parameterCount, unpackPRep, type Instance } from '@netspace/prep';
import { initialize, lenetLike, resnet8 } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { alignedDistance } from './align.js';
import { groupedParameters } from './channel-groups.js';

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
