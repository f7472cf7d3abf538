import { describeOnRuntimes, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { initialize } from './initialize.js';
import { lenetLike } from './architectures/lenet-like.js';
import { siren } from './architectures/siren.js';

const largest = (tensor: tf.Tensor): number => [...tensor.dataSync()].reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describeOnRuntimes('initialize', () => {
  it('draws weights and biases from U(±1/√fan_in), as PyTorch does', () => {
    const { parameters } = lenetLike();
    const tensors = initialize(parameters, { seed: 3 });
    const fanIns = [3 * 25, 6 * 25, 400, 120, 84].flatMap((fanIn) => [fanIn, fanIn]);
    tensors.forEach((tensor, i) => {
      const bound = 1 / Math.sqrt(fanIns[i]!);
      expect(largest(tensor)).toBeLessThanOrEqual(bound);
      if (tensor.size < 400) return;
      expect(largest(tensor)).toBeGreaterThan(0.97 * bound);
      const variance = [...tensor.dataSync()].reduce((sum, value) => sum + value ** 2, 0) / tensor.size;
      expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 0); // of a uniform distribution
    });
  });
  it("draws a SIREN's weights as its authors do", () => {
    const tensors = initialize(siren({ hidden: 64 }).parameters, { seed: 3, scheme: 'siren' });
    const bounds = [1 / 3, 1 / Math.sqrt(3), Math.sqrt(6 / 64) / 30, 1 / 8, Math.sqrt(6 / 64) / 30, 1 / 8];
    tensors.forEach((tensor, i) => {
      expect(largest(tensor)).toBeLessThanOrEqual(bounds[i]!);
      if (tensor.size > 1) expect(largest(tensor)).toBeGreaterThan(0.8 * bounds[i]!);
    });
  });
  it('starts norms as the identity', () => {
    const norm = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => ({ name: `bn1.${name}`, shape: [2] }));
    const conv = { name: 'conv1.weight', shape: [2, 1, 3, 3], tensorAxes: [2, 3, 1, 0] };
    const values = initialize([conv, ...norm], { seed: 0 })
      .slice(1)
      .map((tensor) => [...tensor.dataSync()]);
    expect(values).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
  });
  it('gives the same values for the same seed, and others for another', () => {
    const draw = (seed: number) => initialize([{ name: 'weight', shape: [4, 3] }], { seed })[0]!.dataSync();
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });
  it('leaks no tensor', () => expectNoLeak(() => initialize(lenetLike().parameters, { seed: 1 })));
});

describe('initialize', () => {
  it('refuses seeds, schemes and frequencies it cannot use', () => {
    expect(() => initialize([], { seed: -1 })).toThrow(/seed/);
    expect(() => initialize([], { seed: 0, omega: 0 })).toThrow(/omega/);
    expect(() => initialize([], { seed: 0, scheme: JSON.parse('"xavier"') as 'siren' })).toThrow(/scheme .*xavier/);
  });
  it('refuses an architecture in place of its parameters', () => {
    const untyped = initialize as (...given: unknown[]) => unknown;
    expect(() => untyped(lenetLike(), { seed: 1 })).toThrow(
      /expected specs to be a list of parameter specs, such as architecture\.parameters/,
    );
    expect(() => untyped([tf.scalar(1)], { seed: 1 })).toThrow(/a parameter spec, with name and shape/);
  });
});
