import { channelPermutation, disposeInstances, type Instance, packPRep, parameterCount } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import { initialize, lenetLike, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { permutedCopies } from './permuted-copies.js';

const architecture = lenetLike({ channels: 1, size: 13, classes: 3, width: 0.1 });
const instance = (seed: number): Instance => ({ architecture, parameters: initialize(architecture.parameters, { seed }) });
const numbers = (one: Instance) => tf.tidy(() => [...packPRep(one, [1, parameterCount(architecture.parameters)]).dataSync()]);

describeOnRuntimes('permutedCopies', () => {
  it('are other weights that compute the same, in an order that the seed decides', () => {
    const networks = [instance(1), instance(2)];
    const images = tf.randomUniform([2, 13, 13, 1], -1, 1, 'float32', 3);
    const copies = permutedCopies(networks, { copies: 3, seed: 5 });
    expect(new Set(copies.map((copy) => numbers(copy).join())).size).toBe(6);
    copies.forEach((copy, i) => {
      const network = networks[Math.floor(i / 3)]!;
      expectClose(architecture.apply(copy.parameters, images).dataSync(), architecture.apply(network.parameters, images).dataSync());
    });
    expect(permutedCopies(networks, { copies: 3, seed: 5 }).map(numbers)).toEqual(copies.map(numbers));
    expect(permutedCopies(networks, { copies: 3, seed: 6 }).map(numbers)).not.toEqual(copies.map(numbers));
  });
  it('change the signs of sine units too, if asked to', () => {
    const sines = siren({ hidden: 6, inputs: 2 });
    const network = { architecture: sines, parameters: initialize(sines.parameters, { seed: 1, scheme: 'siren' }) };
    const points = tf.randomUniform([4, 2], -1, 1, 'float32', 3);
    const sizes = (one: Instance) =>
      tf.tidy(() =>
        tf
          .abs(packPRep(one, [1, parameterCount(sines.parameters)]))
          .dataSync()
          .slice()
          .sort(),
      );
    const [flipped, plain] = [true, false].map((flipSigns) => permutedCopies([network], { copies: 1, seed: 5, flipSigns })[0]!);
    const negative = (one: Instance) => one.parameters.map((tensor) => tf.sum(tf.cast(tf.less(tensor, 0), 'float32')).dataSync()[0]);
    expect(sizes(flipped!)).toEqual(sizes(network));
    expect(negative(plain!)).toEqual(negative(network));
    expect(negative(flipped!)).not.toEqual(negative(network));
    expectClose(sines.apply(flipped!.parameters, points).dataSync(), sines.apply(network.parameters, points).dataSync(), 1e-5);
  });
  it('move weights nowhere where no channel is hidden, and leak nothing', () => {
    const bare = { ...architecture, parameters: architecture.parameters.map(({ channels: _, ...spec }) => spec) };
    expect([...channelPermutation(bare, (_, count) => [...Array(count).keys()].reverse())].every((from, to) => from === to)).toBe(true);
    expectNoLeak(() => {
      const network = { ...instance(1), architecture: bare };
      const copies = permutedCopies([network], { copies: 1 });
      expect(numbers(copies[0]!)).toEqual(numbers(network));
      disposeInstances([...copies, network]);
    });
  });
  it('refuse what is no network, and options that mean nothing', () => {
    expect(() => permutedCopies([{} as never])).toThrow(/permutedCopies/);
    expect(() => permutedCopies([instance(1)], { copies: 0 })).toThrow(/copies/);
  });
});
