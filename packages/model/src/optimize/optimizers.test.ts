import { readFile } from 'node:fs/promises';

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { readSafetensors } from '@netspace/formats';
import { describeOnRuntimes, expectClose } from '@netspace/testing';

import { adam, type AdamOptions } from './adam.js';
import type { Optimizer } from './optimizer.js';
import { sgd } from './sgd.js';

const golden = readSafetensors(await readFile(new URL('../../../../golden/data/optim.safetensors', import.meta.url))).tensors;
const values = (name: string) => Float32Array.from(golden.get(name)!.data as Float32Array);
const steps = 5;
const size = 50;

const makers: Readonly<Record<string, () => Optimizer>> = {
  'adam-1e-4': () => adam({ learningRate: 1e-4 }),
  'adam-1e-2': () => adam({ learningRate: 1e-2 }),
  sgd: () => sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4 }),
};

const startVariable = () => {
  const start = tf.tensor1d(values('start'));
  const variable = tf.variable(start);
  start.dispose();
  return variable;
};

/** Runs steps `from` to `to` on the golden gradients; returns the values after each. */
function run(optimizer: Optimizer, variable: tf.Variable, from: number, to: number): Float32Array[] {
  const grads = values('grads');
  return Array.from({ length: to - from }, (_, i) => {
    const gradient = tf.tensor1d(grads.slice((from + i) * size, (from + i + 1) * size));
    optimizer.apply({ p: variable }, { p: gradient });
    gradient.dispose();
    return Float32Array.from(variable.dataSync());
  });
}

describeOnRuntimes('optimizers', () => {
  for (const [name, make] of Object.entries(makers)) {
    it(`${name} follows PyTorch for five steps`, () => {
      const optimizer = make();
      const variable = startVariable();
      const expected = values(`${name}/params`);
      run(optimizer, variable, 0, steps).forEach((got, i) => expectClose(got, expected.slice(i * size, (i + 1) * size)));
      optimizer.dispose();
      variable.dispose();
    });

    it(`${name} goes on bit-exactly from its state`, async () => {
      const whole = make();
      const variable = startVariable();
      const expected = run(whole, variable, 0, steps);
      const first = make();
      const restarted = startVariable();
      run(first, restarted, 0, 2);
      const state = first.state();
      const second = make();
      await second.restore(state);
      expect(second.step).toBe(2);
      expect(run(second, restarted, 2, steps)).toEqual(expected.slice(2));
      tf.dispose(state);
      [whole, first, second].forEach((optimizer) => optimizer.dispose());
      tf.dispose([variable, restarted]);
    });
  }

  it('keep a constant number of tensors', async () => {
    const before = tf.memory().numTensors;
    for (const make of Object.values(makers)) {
      const optimizer = make();
      const variable = startVariable();
      run(optimizer, variable, 0, 1);
      const held = tf.memory().numTensors;
      run(optimizer, variable, 1, 4);
      expect(tf.memory().numTensors).toBe(held);
      const state = optimizer.state();
      await optimizer.restore(state);
      tf.dispose(state);
      expect(tf.memory().numTensors).toBe(held);
      optimizer.dispose();
      variable.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('optimizers', () => {
  it('take the learning rate of each step from the schedule', () => {
    const optimizer = sgd({ learningRate: { kind: 'steps', learningRate: 1, milestones: [1], factor: 0.5 } });
    const variable = tf.variable(tf.scalar(0));
    expect(optimizer.learningRate).toBe(1);
    optimizer.apply({ p: variable }, { p: tf.scalar(1) });
    expect(optimizer.learningRate).toBe(0.5);
    optimizer.apply({ p: variable }, { p: tf.scalar(1) });
    expect(variable.dataSync()[0]).toBe(-1.5);
  });

  it('refuse a missing gradient and one of another shape', () => {
    const variable = tf.variable(tf.zeros([2]));
    expect(() => sgd().apply({ p: variable }, {})).toThrow(/sgd: no gradient for variable 'p'/);
    expect(() => adam().apply({ p: variable }, { p: tf.zeros([3]) })).toThrow(/adam: variable 'p' is \[2\] but its gradient is \[3\]/);
  });

  it('refuse a state of another kind', async () => {
    const step = tf.scalar(1, 'int32');
    await expect(adam().restore({})).rejects.toThrow(/adam.restore.*no 'step'/);
    await expect(adam().restore({ step, 'momentum/p': tf.zeros([2]) })).rejects.toThrow(/'momentum\/p' is not one of its slots/);
    await expect(adam().restore({ step, 'first/p': tf.zeros([2]) })).rejects.toThrow(/'second\/p' is missing/);
  });

  it('refuse constants out of range', () => {
    expect(() => adam({ beta1: 1 })).toThrow('adam: expected beta1 to be a number from 0 up and below 1, got 1');
    expect(() => adam({ epsilon: 0 })).toThrow('adam: expected epsilon to be a positive number, got 0');
    expect(() => sgd({ momentum: -0.1 })).toThrow(/sgd: expected momentum to be a number from 0 up and below 1/);
    expect(() => sgd({ weightDecay: -1 })).toThrow(/expected weightDecay to be a number from 0 up/);
    expect(() => sgd({ learningRate: Number.NaN })).toThrow(/expected learningRate to be a positive number, got NaN/);
    expect(() => adam({ learnigRate: 1 } as AdamOptions)).toThrow('adam: unknown option learnigRate; did you mean learningRate?');
  });
});
