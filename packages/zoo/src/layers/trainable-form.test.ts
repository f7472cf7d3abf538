import { readFileSync } from 'node:fs';

import { instanceFromRawTensors, rawToFloat32, readSafetensors } from '@netspace/formats';
import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { initialize } from '../initialize.js';
import { resnet8 } from '../architectures/resnet.js';
import { siren } from '../architectures/siren.js';
import { vanillaCnn } from '../architectures/vanilla-cnn.js';
import { trainableForm } from './trainable-form.js';

const { tensors: golden } = readSafetensors(readFileSync(new URL('../../../../golden/data/bnfold.safetensors', import.meta.url)));
const named = (prefix: string) =>
  new Map([...golden].filter(([name]) => name.startsWith(prefix)).map(([name, raw]) => [name.slice(prefix.length), raw]));
const read = (name: string) => rawToFloat32(golden.get(name)!);

describeOnRuntimes("trainableForm on the authors' ResNet8", () => {
  const form = trainableForm('resnet8-3x32x32-10');
  const load = (parameters: typeof form.parameters) =>
    instanceFromRawTensors({ ...form.architecture, parameters }, named('unfused/'), { ignore: ['*'] }).parameters;
  const images = () => tf.transpose(tf.tensor(read('images'), [4, 3, 32, 32]), [0, 2, 3, 1]);

  it('names its parameters and statistics as they do, in their order', () => {
    const names = [...form.parameters, ...form.statistics].map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(named('unfused/').keys()));
    expect(form.parameters.map(({ name }) => name)).toEqual([...named('unfused/').keys()].filter((name) => !name.includes('running')));
  });
  it('folds as theirs does', () => {
    const folded = form.fold(load(form.parameters), load(form.statistics));
    const expected = instanceFromRawTensors(form.architecture, named('fused/')).parameters;
    folded.forEach((tensor, i) => expectClose(tensor.dataSync(), expected[i]!.dataSync(), 1e-6));
  });
  it('gives their logits in evaluation mode, and leaves the statistics', () => {
    const statistics = load(form.statistics);
    const { output, statistics: after } = form.apply(load(form.parameters), statistics, images(), { training: false });
    expectClose(output.dataSync(), read('logits-unfused'), 1e-4);
    after.forEach((tensor, i) => expect([...tensor.dataSync()]).toEqual([...statistics[i]!.dataSync()]));
  });
});

describeOnRuntimes('trainableForm', () => {
  const form = trainableForm(resnet8({ channels: 1, size: 6, classes: 2, width: 0.15 }));
  const parameters = () => initialize(form.parameters, { seed: 1 });
  const statistics = () => initialize(form.statistics, { seed: 1 });
  const x = () => tf.randomNormal([4, 6, 6, 1], 0, 1, 'float32', 3);

  it('starts as the identity outside training, within ε', () => {
    const [start, at, input] = [parameters(), statistics(), x()];
    const { output } = form.apply(start, at, input, { training: false });
    const convolution = (name: string) => start[form.parameters.findIndex((spec) => spec.name === name)]!;
    expectClose(form.fold(start, at)[0]!.dataSync(), tf.mul(convolution('conv1.weight'), 1 / Math.sqrt(1 + 1e-5)).dataSync(), 1e-6);
    expect(output.shape).toEqual([4, 2]);
  });
  it('gives in training what it gives afterwards with the statistics of that batch', () => {
    const [start, input] = [parameters(), x()];
    const { output, statistics: after } = form.apply(start, statistics(), input, { training: true });
    // One update from mean 0 and variance 1 with momentum 0.1, and n / (n - 1) of the variance for n pixels.
    const ofBatch = form.statistics.map(({ name }, i) => {
      const pixels = 4 * (name.startsWith('layer2') ? 9 : name.startsWith('layer3') ? 4 : 36);
      return name.endsWith('mean') ? tf.mul(after[i]!, 10) : tf.mul(tf.sub(after[i]!, 0.9), (10 * (pixels - 1)) / pixels);
    });
    expectClose(form.apply(start, ofBatch, input, { training: false }).output.dataSync(), output.dataSync(), 1e-4);
  });
  it('has the gradient of its values, in training and through fold', () => {
    const [start, input, at] = [parameters(), x(), statistics()];
    for (const training of [true, false]) {
      const value = (...tensors: tf.Tensor[]) => tf.sum(tf.square(form.apply(tensors, at, input, { training }).output));
      const gradients = tf.grads(value)(start);
      for (const i of [0, 1, 2, 10, start.length - 1]) {
        const largest = tf.argMax(tf.abs(tf.reshape(gradients[i]!, [-1]))).dataSync()[0]!;
        const moved = (tensor: tf.Tensor) => value(...start.map((other, j) => (j === i ? tensor : other)));
        expectClose([gradients[i]!.dataSync()[largest]!], finiteDifference(moved, start[i]!, { h: 2e-3, indices: [largest] }), 0.03);
      }
    }
  });
  it('leaks no tensor', () => {
    const [start, input, at] = [parameters(), x(), statistics()];
    expectNoLeak(() => {
      const { output, statistics: after } = form.apply(start, at, input, { training: true });
      return [output, ...after];
    });
    expectNoLeak(() => form.fold(start, at));
    expectNoLeak(() => tf.grads((...tensors: tf.Tensor[]) => tf.sum(form.apply(tensors, at, input, { training: true }).output))(start));
  });
});

describe('trainableForm', () => {
  it('is the architecture itself where there is no batch norm', () => {
    const architecture = siren({ hidden: 4 });
    const form = trainableForm(architecture);
    expect(form).toMatchObject({ architecture, parameters: architecture.parameters, statistics: [] });
    const parameters = initialize(form.parameters, { seed: 0 });
    const x = tf.ones([2, 3]);
    const { output, statistics } = form.apply(parameters, [], x, { training: true });
    expect([...output.dataSync()]).toEqual([...architecture.apply(parameters, x).dataSync()]);
    expect(statistics).toEqual([]);
    expect(form.fold(parameters, []).map((tensor) => tensor.shape)).toEqual(parameters.map((tensor) => tensor.shape));
  });
  it('keeps the architecture it is given', () => {
    const architecture = resnet8({ size: 8 });
    expect(trainableForm(architecture).architecture).toBe(architecture);
    expect(trainableForm({ ...architecture, name: 'mine' }).statistics).toEqual([]);
  });
  it('refuses unknown names and tensors of another shape', () => {
    expect(() => trainableForm('mine')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    const form = trainableForm('resnet8-3x8x8-2');
    const [parameters, statistics] = [initialize(form.parameters, { seed: 0 }), initialize(form.statistics, { seed: 0 })];
    const x = tf.ones([1, 8, 8, 3]);
    expect(() => form.fold(parameters, [])).toThrow(/fold: expected 18 parameters, got 0/);
    expect(() => form.apply(parameters.slice(1), statistics, x, { training: true })).toThrow(/expected 29 parameters, got 28/);
    expect(() => form.apply(parameters, statistics, tf.ones([1, 3, 8, 8]), { training: true })).toThrow(/\[batch, 8, 8, 3\]/);
  });
});

describeOnRuntimes('applyMany of a trainable form', () => {
  const task = { channels: 2, size: 13, classes: 3 } as const;
  it.each([
    { what: 'a ResNet with batch norm', form: trainableForm(resnet8({ ...task, width: 0.125 })), input: [13, 13, 2] },
    { what: 'a VanillaCNN', form: trainableForm(vanillaCnn({ ...task, width: 0.125 })), input: [13, 13, 2] },
    { what: 'a SIREN', form: trainableForm(siren({ hidden: 4 })), input: [3] },
    {
      what: 'an architecture whose layers are unknown',
      form: trainableForm({ ...siren({ hidden: 4 }), name: 'of another origin' }),
      input: [3],
    },
  ])('gives outputs, statistics and gradients of each network: $what', ({ form, input }) => {
    const [count, batch] = [3, 4];
    const networks = Array.from({ length: count }, (_, seed) => initialize(form.parameters, { seed }));
    const statistics = networks.map((_, seed) => initialize(form.statistics, { seed }));
    const x = tf.randomNormal([count, batch, ...input], 0, 1, 'float32', 7);
    const stack = (lists: readonly tf.Tensor[][]) => lists[0]!.map((_, i) => tf.stack(lists.map((list) => list[i]!)));
    const [many, after] = [stack(networks), stack(statistics)];
    const result = form.applyMany(many, after, x);
    const each = networks.map((parameters, k) => form.apply(parameters, statistics[k]!, tf.unstack(x)[k]!, { training: true }));
    expectClose(result.output.dataSync(), tf.stack(each.map(({ output }) => output)).dataSync(), 1e-5);
    stack(each.map((one) => [...one.statistics])).forEach((tensor, i) =>
      expectClose(result.statistics[i]!.dataSync(), tensor.dataSync(), 1e-5),
    );
    const wide = input.length === 3 ? tf.reshape(tf.transpose(x, [1, 2, 3, 0, 4]), [batch, 13, 13, count * 2]) : x;
    const slopes = tf.grads((...values) => tf.sum(tf.square(form.applyMany(values, after, wide).output)))(many);
    const apart = networks.map((parameters, k) =>
      tf.grads((...values) => tf.sum(tf.square(form.apply(values, statistics[k]!, tf.unstack(x)[k]!, { training: true }).output)))(
        parameters,
      ),
    );
    stack(apart).forEach((expected, i) => expectClose(slopes[i]!.dataSync(), expected.dataSync(), 1e-3));
  });
  it('leaks no tensor, and refuses batches of another number of networks', () => {
    const form = trainableForm(siren({ hidden: 4 }));
    const many = form.parameters.map(({ shape, tensorAxes }) => tf.ones([2, ...(tensorAxes?.map((axis) => shape[axis]!) ?? shape)]));
    const x = tf.zeros([2, 5, 3]);
    expectNoLeak(() => form.applyMany(many, [], x).output);
    expect(() => form.applyMany(many, [], tf.zeros([3, 5, 3]))).toThrow(/expected x as \[2, batch, 3\], got \[3,5,3\]/);
    const images = trainableForm(vanillaCnn({ ...task, width: 0.125 }));
    const weights = images.parameters.map(({ shape, tensorAxes }) => tf.ones([2, ...(tensorAxes?.map((axis) => shape[axis]!) ?? shape)]));
    expect(() => images.applyMany(weights, [], tf.zeros([5, 13, 13, 2]))).toThrow(/expected x as \[batch, 13, 13, 4\], got \[5,13,13,2\]/);
  });
});
