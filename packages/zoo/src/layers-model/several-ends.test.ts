import { layers, type LayersModel, model, input, type SymbolicTensor } from '@tensorflow/tfjs';
import { prepSymmetry } from '@netspace/prep';
import { changedInstance } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { architectureFromLayersModel, instanceFromLayersModel } from './functional-call.js';

beforeAll(() => tf.setBackend('cpu'));

/** An image and three numbers; a class by softmax, and a number. */
function twoByTwo(seed = 1): LayersModel {
  const kernelInitializer = { className: 'GlorotNormal', config: { seed } } as never;
  const [image, numbers] = [input({ shape: [4, 4, 1], name: 'image' }), input({ shape: [3] })];
  const seen = layers.conv2d({ filters: 2, kernelSize: 3, kernelInitializer, name: 'look' }).apply(image) as SymbolicTensor;
  const flat = layers.flatten().apply(seen) as SymbolicTensor;
  const both = layers.concatenate().apply([flat, numbers]) as SymbolicTensor;
  const digit = layers.dense({ units: 5, activation: 'softmax', kernelInitializer, name: 'digit' }).apply(both) as SymbolicTensor;
  const size = layers.dense({ units: 1, kernelInitializer, name: 'size' }).apply(both) as SymbolicTensor;
  return model({ inputs: [image, numbers], outputs: [digit, size] });
}

describe('a tf.LayersModel of several inputs and outputs', () => {
  const own = twoByTwo();
  const architecture = architectureFromLayersModel(own);
  const [image, numbers] = [tf.randomNormal([2, 4, 4, 1], 0, 1, 'float32', 7), tf.randomNormal([2, 3], 0, 1, 'float32', 8)];

  it('is run by names, gives logits where it predicts a softmax, and what predict gives elsewhere', async () => {
    expect(architecture.inputs).toEqual([
      { name: 'image', shape: [null, 4, 4, 1], dtype: 'float32' },
      { name: 'input_2', shape: [null, 3], dtype: 'float32' },
    ]);
    expect(architecture.outputs?.map(({ name, shape }) => [name, shape])).toEqual([['digit', [null, 5]], ['size', [null, 1]]]); // prettier-ignore
    const { parameters } = await instanceFromLayersModel(own, architecture);
    const got = architecture.applyNamed!(parameters, { input_2: numbers, image });
    const [digit, size] = own.predict([image, numbers]) as tf.Tensor[];
    expect(tf.max(tf.abs(tf.sub(tf.softmax(got['digit']!), digit!))).dataSync()[0]).toBeLessThan(1e-6);
    expect([...got['size']!.dataSync()]).toEqual([...size!.dataSync()]);
    const [gradient] = tf.grads((weight) => tf.sum(architecture.applyNamed!([weight!, ...parameters.slice(1)], { image, input_2: numbers })['size']!))([parameters[0]!]); // prettier-ignore
    expect(tf.max(tf.abs(gradient!)).dataSync()[0]).toBeGreaterThan(0);
  });
  it('does the same with its hidden channels in another order', async () => {
    const { parameters } = await instanceFromLayersModel(own, architecture);
    const change = prepSymmetry(architecture, { order: (_, count) => [...Array(count).keys()].reverse() });
    expect(change.source.some((from, to) => from !== to)).toBe(true);
    const changed = changedInstance({ architecture, parameters }, change);
    const [before, after] = [parameters, changed.parameters].map((values) => architecture.applyNamed!(values, { image, input_2: numbers }));
    for (const name of ['digit', 'size']) expect(tf.max(tf.abs(tf.sub(before![name]!, after![name]!))).dataSync()[0]).toBeLessThan(1e-6);
  });
  it('has a name that its layers give, the same whatever else the program made', () => {
    expect(architectureFromLayersModel(twoByTwo(2)).name).toBe(architecture.name);
    const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
    const sum = layers.add().apply([a, b]) as SymbolicTensor;
    const names = [model({ inputs: [a, b], outputs: sum }), model({ inputs: [a, b], outputs: [sum, a] })].map((one) => architectureFromLayersModel(one).name); // prettier-ignore
    expect(new Set([...names, architecture.name]).size).toBe(3);
  });
  it('of one input gives its first output alone, and keeps the softmax of all where values are wanted', async () => {
    const x = input({ shape: [3] });
    const [a, b] = ['a', 'b'].map((name) => layers.dense({ units: 2, activation: 'softmax', name }).apply(x) as SymbolicTensor);
    const heads = model({ inputs: x, outputs: [a!, b!] });
    const values = architectureFromLayersModel(heads, { outputs: 'values' });
    const { parameters } = await instanceFromLayersModel(heads, values);
    const before = tf.memory().numTensors;
    const first = values.apply(parameters, numbers);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect([...first.dataSync()]).toEqual([...(heads.predict(numbers) as tf.Tensor[])[0]!.dataSync()]);
    expect(values.name).toMatch(/-values$/);
  });
  it('refuses one input, and inputs of other names and shapes, with the names', () => {
    const parameters = architecture.parameters.map(({ shape }) => tf.zeros([...shape]));
    expect(() => architecture.apply(parameters, image)).toThrow(/got 2 \(image, input_2\); call applyNamed/);
    expect(() => architecture.applyNamed!(parameters, { image })).toThrow(/expected inputs image, input_2, got no input_2/);
    expect(() => architecture.applyNamed!(parameters, { image, input_2: numbers, z: image })).toThrow(/got z; leave it out/);
  });
  it('refuses a sigmoid among its outputs, unless values are wanted', () => {
    const x = input({ shape: [3] });
    const end = layers.dense({ units: 1, activation: 'sigmoid', name: 'maybe' }).apply(x) as SymbolicTensor;
    const two = model({ inputs: x, outputs: [layers.dense({ units: 2 }).apply(x) as SymbolicTensor, end] });
    expect(() => architectureFromLayersModel(two)).toThrow(/maybe \(Dense\): expected logits or softmax at the end, got sigmoid/);
    expect(architectureFromLayersModel(two, { outputs: 'values' }).outputs).toHaveLength(2);
  });
});
