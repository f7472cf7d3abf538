import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import type { Architecture } from '@netspace/prep';
import { describeOnRuntimes, expectNoLeak } from '@netspace/testing';

import { interpolateWeights } from './interpolate-weights.js';

const line: Architecture = {
  name: 'line',
  parameters: [
    { name: 'weight', shape: [1, 2], tensorAxes: [1, 0] },
    { name: 'bias', shape: [1] },
  ],
  apply: ([weight, bias], x) => tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!),
};
const instance = (weight: number[], bias: number) => ({
  architecture: line,
  parameters: [tf.tensor2d(weight, [2, 1]), tf.tensor1d([bias])],
});

describeOnRuntimes('interpolateWeights', () => {
  it('averages every parameter and keeps both ends exactly', () => {
    const between = interpolateWeights(instance([0.1, 8], 1 / 3), instance([4, -0.7], 1), [0, 0.5, 1]);
    const values = between.map(({ parameters }) => parameters.map((tensor) => [...tensor.dataSync()]));
    expect(values[0]).toEqual([[Math.fround(0.1), 8], [Math.fround(1 / 3)]]);
    expect(values[1]![0]![0]).toBeCloseTo(2.05, 6);
    expect(values[1]![1]![0]).toBeCloseTo(2 / 3, 6);
    expect(values[2]).toEqual([[4, Math.fround(-0.7)], [1]]);
  });
  it('gives the mean of the outputs of linear networks', () => {
    const [half] = interpolateWeights(instance([1, 2], 3), instance([5, 0], 1), [0.5]);
    const x = tf.tensor2d([[1, 1]]);
    expect([...half!.architecture.apply(half!.parameters, x).dataSync()]).toEqual([6]);
  });
  it('leaks no tensor', () => {
    const a = instance([1, 2], 3);
    expectNoLeak(() => interpolateWeights(a, a, [0, 1]).map(({ parameters }) => [...parameters]));
  });
  it('refuses two architectures, wrong shapes and impossible gammas', () => {
    const a = instance([1, 2], 3);
    const other = { ...a, architecture: { ...line, name: 'curve' } };
    expect(() => interpolateWeights<string>(a, other, [0])).toThrow(/one architecture, got line and curve/);
    expect(() => interpolateWeights(a, { ...a, parameters: a.parameters.slice(0, 1) }, [0])).toThrow(/bias of line as \[1\], got none/);
    expect(() => interpolateWeights({ ...a, parameters: [tf.zeros([1, 2]), tf.zeros([1])] }, a, [0])).toThrow(/\[2,1\], got \[1,2\]/);
    expect(() => interpolateWeights(a, a, [])).toThrow(/at least one gamma/);
    expect(() => interpolateWeights(a, a, JSON.parse('0.5') as number[])).toThrow(/a list of gammas, got 0\.5; write \[gamma\]/);
  });
});
