import { NetSpace } from '@netspace/model';
import { type Instance, requiredPRepShape } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { randomAt } from '../batches/random.js';
import { averagedTarget, drawBetween, pointsOfBoth, withBetween } from './sdf-between.js';
import { sdfTask } from './sdf-task.js';

const architecture = siren({ hidden: 8, layers: 1 });
const sirenOf = (seed: number): Instance => ({ architecture, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) });
/** A plane across x: its distance is x − at. */
const plane = (at: number): Instance => ({
  architecture: { name: `plane-${at}`, parameters: [], apply: (_, x) => tf.sub(tf.slice(x, [0, 0], [-1, 1]), at) },
  parameters: [],
});

describe('drawBetween', () => {
  it('draws two networks of the step, never one with itself, and a place between them; the same ones for the same step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9 }), fc.nat(), (count, nets, step) => {
        const drawn = drawBetween(randomAt(1, 'between', step), count, nets);
        expect(drawn).toHaveLength(nets < 2 ? 0 : count);
        for (const { from, to, gamma } of drawn) {
          expect(from).not.toBe(to);
          expect(Math.min(from, to, gamma)).toBeGreaterThanOrEqual(0);
          expect(Math.max(from, to)).toBeLessThan(nets);
          expect(gamma).toBeLessThan(1);
        }
        expect(drawBetween(randomAt(1, 'between', step), count, nets)).toEqual(drawn);
      }),
    );
  });

  it('draws every pair, and places from one end to the other', () => {
    const drawn = drawBetween(randomAt(3), 3000, 3);
    expect(new Set(drawn.map(({ from, to }) => `${from} ${to}`)).size).toBe(6);
    expect(drawn.reduce((sum, { gamma }) => sum + gamma, 0) / drawn.length).toBeCloseTo(0.5, 1);
  });
});

describeOnRuntimes('withBetween', () => {
  it('adds (1 − γ) a + γ b, with its gradient', () => {
    const embeddings = tf.tensor2d([0, 4, 8, 0], [2, 2]);
    const between = [{ from: 1, to: 0, gamma: 0.25 }];
    const all = withBetween(embeddings, between);
    expect(all.arraySync()).toEqual([[0, 4], [8, 0], [6, 1]]); // prettier-ignore
    const gradient = tf.grad((x) => tf.sum(tf.slice(withBetween(x as tf.Tensor2D, between), 2)))(embeddings);
    expect(gradient.arraySync()).toEqual([[0.25, 0.25], [0.75, 0.75]]); // prettier-ignore
    expect(withBetween(embeddings, [])).toBe(embeddings);
    tf.dispose([embeddings, all, gradient]);
  });
});

describeOnRuntimes('a network between two shapes', () => {
  it('sees every other point of each', () => {
    const [a, b] = [Float32Array.from({ length: 12 }, () => 1), Float32Array.from({ length: 12 }, () => 2)];
    expect([...pointsOfBoth(a, b)]).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);
  });

  it('is to give the average of both: of two planes, the plane between', () => {
    const points = tf.tensor2d([0, 5, 5, 1, -5, 2], [2, 3]);
    const target = averagedTarget([plane(0), plane(0.4)], 0.25, points); // the plane at 0.1
    expectClose(target.dataSync(), [-0.1, 0.9]);
    tf.dispose([points, target]);
  });

  it.each(['shared', 'own'] as const)('counts in the loss as the networks of the step do, with %s points', (points) => {
    const instances = [sirenOf(1), sirenOf(2)];
    const prepShape = requiredPRepShape(architecture, { width: 64 });
    const space = new NetSpace({ architectures: [architecture], prepShape, preset: 'tiny', seed: 1 });
    const embeddings = tf.randomNormal([2, space.config.embeddingSize], 0, 1, 'float32', 3) as tf.Tensor2D;
    const tensors = tf.memory().numTensors;
    const context = { space, architectures: space.architectures, instances, inputs: 20, nets: 2, steps: 1, seed: 4 };
    const lossOf = (between: number) =>
      tf.tidy(() => {
        const { prepare } = sdfTask({ kind: 'sdf', bounds: 0.6, between, points, grouping: 'auto' }, context);
        return prepare(0, [0, 1])(space.pack(instances), embeddings)[0]!.dataSync()[0]!;
      });
    const own = Array.from({ length: 2 }, () => new Float32Array(0));
    const random = randomAt(4, 'points', 0);
    const draw = () => Float32Array.from({ length: 60 }, () => random.uniform(-0.6, 0.6));
    if (points === 'shared') own.fill(draw());
    else own.forEach((_, i) => (own[i] = draw()));
    const byHand = (between: ReturnType<typeof drawBetween>) =>
      between.map(({ from, to, gamma }) =>
        tf.tidy(() => {
          const at = Float32Array.from(own[from]!, (value, i) => (points === 'own' && Math.floor(i / 3) % 2 === 1 ? own[to]![i]! : value));
          const z = tf.add(tf.mul(tf.slice(embeddings, from, 1), 1 - gamma), tf.mul(tf.slice(embeddings, to, 1), gamma));
          const [network] = space.instantiateAs(z as tf.Tensor2D, [0]);
          const [value, a, b] = [network!, instances[from]!, instances[to]!].map(({ parameters }) => [
            ...architecture.apply(parameters, tf.tensor2d(at, [20, 3])).dataSync(),
          ]);
          return value!.reduce((sum, one, i) => sum + (one - (1 - gamma) * a![i]! - gamma * b![i]!) ** 2, 0) / 20;
        }),
      );
    const two = byHand(drawBetween(randomAt(4, 'between', 0), 2, 2));
    expect(lossOf(2) / ((2 * lossOf(0) + two[0]! + two[1]!) / 4)).toBeCloseTo(1, 4);
    expect(tf.memory().numTensors).toBe(tensors);
    const alone = { ...context, nets: 1 };
    expect(() => sdfTask({ kind: 'sdf', bounds: 0.6, between: 2, points, grouping: 'auto' }, alone)).toThrow(/two networks a step/);
    embeddings.dispose();
    space.dispose();
  });
});
