import { type Architecture, type Instance, unresolvedArchitecture } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import { initialize, lenetLike, resnet8, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { interpolateWeights } from '../walk/interpolate-weights.js';
import { repairStatistics } from './repair-statistics.js';

/** Three layers; the sums of the hidden ones can be seen. */
const specs = [
  { name: 'a.weight', shape: [4, 6] },
  { name: 'a.bias', shape: [6] },
  { name: 'b.weight', shape: [6, 5] },
  { name: 'b.bias', shape: [5] },
  { name: 'c.weight', shape: [5, 2] },
  { name: 'c.bias', shape: [2] },
];
function sumsOf(p: readonly tf.Tensor[], x: tf.Tensor): readonly tf.Tensor[] {
  const first = tf.add(tf.matMul(x, p[0]!), p[1]!);
  const second = tf.add(tf.matMul(tf.relu(first), p[2]!), p[3]!);
  return [first, second, tf.add(tf.matMul(tf.relu(second), p[4]!), p[5]!)];
}
const mlp: Architecture = { ...unresolvedArchitecture('mlp', specs), apply: (p, x) => tf.tidy(() => sumsOf(p, x)[2]!) };
const random = (architecture: Architecture, seed: number): Instance => ({
  architecture,
  parameters: architecture.parameters.map(({ shape }, i) => tf.randomNormal([...shape], 0.1, 0.6, 'float32', 10 * seed + i)),
});
const initial = (architecture: Architecture, seed: number): Instance => ({
  architecture,
  parameters: initialize(architecture.parameters, { seed }),
});
const moments = (sums: tf.Tensor) => {
  const { mean, variance } = tf.moments(sums, [0]);
  return [...mean.dataSync(), ...tf.sqrt(variance).dataSync()];
};

describeOnRuntimes('repairStatistics', () => {
  it('gives hidden units the mean and the spread between those of both ends, and leaves the outputs alone', () => {
    const [a, b] = [random(mlp, 1), random(mlp, 2)];
    const x = tf.randomNormal([300, 4], 0, 1, 'float32', 5);
    const [average] = interpolateWeights(a, b, [0.25]);
    const repaired = repairStatistics(average!, a, b, { inputs: x, gamma: 0.25 });
    for (const layer of [0, 1]) {
      const [atA, atB, now, before] = [a, b, repaired, average!].map(({ parameters }) => moments(sumsOf(parameters, x)[layer]!));
      const between = atA!.map((value, i) => 0.75 * value + 0.25 * atB![i]!);
      expectClose(now!, between, 1e-4);
      expect(Math.max(...before!.map((value, i) => Math.abs(value - between[i]!)))).toBeGreaterThan(0.05);
    }
    expect(repaired.parameters[4]!.dataSync()).toEqual(average!.parameters[4]!.dataSync());
    expect(repaired.parameters[5]!.dataSync()).toEqual(average!.parameters[5]!.dataSync());
  });
  it.each([
    [lenetLike({ channels: 1, size: 16, width: 0.3 }), [16, 16, 1]],
    [resnet8({ channels: 1, size: 16, width: 0.25 }), [16, 16, 1]],
    [siren({ hidden: 8 }), [3]],
  ] as const)('leaves both ends as they are, and leaks no tensor (%#)', (architecture, size) => {
    const [a, b] = [initial(architecture, 1), initial(architecture, 2)];
    const inputs = tf.randomNormal([6, ...size], 0, 1, 'float32', 5);
    for (const [end, gamma] of [[a, 0], [b, 1]] as const) {
      const same = repairStatistics(end, a, b, { inputs, gamma });
      same.parameters.forEach((tensor, i) => expectClose(tensor.dataSync(), end.parameters[i]!.dataSync(), 1e-4));
    }
    const [average] = interpolateWeights(a, b, [0.5]);
    const changed = repairStatistics(average!, a, b, { inputs }).parameters.filter(
      (tensor, i) => tf.max(tf.abs(tf.sub(tensor, average!.parameters[i]!))).dataSync()[0]! > 1e-6,
    );
    expect(changed).toHaveLength(architecture.parameters.length - 2); // all but the last layer's
    expectNoLeak(() => [...repairStatistics(average!, a, b, { inputs }).parameters]);
  }); // prettier-ignore
  it('leaves a unit alone whose sums vary by rounding only', () => {
    const [a, b] = [1, -1].map((sign): Instance => {
      const { parameters } = random(mlp, 1);
      const weight = tf.mul(parameters[0]!, tf.tensor1d([sign, 1, 1, 1, 1, 1])); // the first units cancel in the average
      const bias = tf.add(parameters[1]!, tf.tensor1d([5.1, 0, 0, 0, 0, 0]));
      return { architecture: mlp, parameters: [weight, bias, ...parameters.slice(2)] };
    });
    const [average] = interpolateWeights(a!, b!, [0.5]);
    const noise = tf.mul(tf.randomNormal([4, 1], 0, 1, 'float32', 3), tf.tensor1d([1e-7, 0, 0, 0, 0, 0]));
    const [weight, ...rest] = average!.parameters;
    const almost = { architecture: mlp, parameters: [tf.add(weight!, noise), ...rest] };
    const inputs = tf.randomNormal([300, 4], 0, 1, 'float32', 5);
    const repaired = repairStatistics(almost, a!, b!, { inputs });
    expect(tf.max(tf.abs(tf.slice(repaired.parameters[0]!, [0, 0], [4, 1]))).dataSync()[0]).toBeLessThan(1e-6);
  });
  it('refuses networks of several architectures', () => {
    const [a, b] = [random(mlp, 1), initial(siren({ hidden: 8 }), 1)];
    expect(() => repairStatistics(a, a, b, { inputs: tf.zeros([2, 4]) })).toThrow(/one architecture, got mlp, mlp, siren-3-8x1-1/);
    expect(() => repairStatistics(a, a, a, { inputs: tf.zeros([2, 4]), gamma: 2 })).toThrow(/gamma/);
  });
});
