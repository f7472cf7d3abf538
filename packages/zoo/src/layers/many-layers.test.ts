import * as tf from '@tensorflow/tfjs-core';
import { describeOnRuntimes } from '@netspace/testing';
import { expect, it } from 'vitest';

import { initialize } from '../initialize.js';
import { convolutionSpecs, flattenChannelsFirst, linearSpecs } from './layers.js';
import { defineArchitecture, type Network } from './network.js';

const flattening: Network = {
  name: 'flattened',
  purpose: 'classifier',
  input: [3, 3, 2],
  parameters: [...linearSpecs('fc1', 18, 4, { to: 'fc1' }), ...linearSpecs('fc2', 4, 3, { from: 'fc1' })],
  forward: (layers, x) => layers.linear('fc2', layers.linear('fc1', flattenChannelsFirst(x as tf.Tensor4D), 'leaky')),
};
const pooling: Network = {
  name: 'pooled',
  purpose: 'classifier',
  input: [4, 4, 1],
  parameters: [...convolutionSpecs('conv', 1, 2, 2, { to: 'conv' }), ...linearSpecs('fc', 2, 3, { from: 'conv' })],
  forward: (layers, x) => layers.linear('fc', flattenChannelsFirst(layers.conv('conv', tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')))),
};

describeOnRuntimes('manyLayers', () => {
  // Two networks and four images are the trap: half of the images each would have the same sizes.
  it.each([
    { network: flattening, count: 2, batch: 4 },
    { network: flattening, count: 3, batch: 2 },
    { network: flattening, count: 1, batch: 4 },
    { network: pooling, count: 2, batch: 4 },
    { network: pooling, count: 3, batch: 1 },
  ])('gives what each of $count networks gives, whose input is $network.name before a layer meets it', ({ network, count, batch }) => {
    const { parameters: specs, apply, applyMany } = defineArchitecture(network);
    const networks = Array.from({ length: count }, (_, seed) => initialize(specs, { seed }));
    const x = tf.randomNormal([batch, ...network.input], 0, 1, 'float32', 7);
    const together = applyMany!(
      specs.map((_, i) => tf.stack(networks.map((parameters) => parameters[i]!))),
      x,
    );
    const apart = tf.stack(networks.map((parameters) => apply(parameters, x)));
    expect(together.shape).toEqual([count, batch, 3]);
    expect(tf.max(tf.abs(tf.sub(together, apart))).dataSync()[0]).toBeLessThan(1e-5);
  });
});
