import { instanceFromRawTensors, instanceToRawTensors } from '@netspace/formats';
import { unresolvedArchitecture } from '@netspace/prep';
import { expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { lenetLike } from '../architectures/lenet-like.js';
import { openInstanceStore } from '../store/instance-store.js';
import { memoryFiles } from '../store/files/store-files.js';
import { architectureFromLayersModel, instanceFromLayersModel } from './functional-call.js';

const { dense } = tfl.layers;
const chain = (...layers: tfl.layers.Layer[]) => tfl.sequential({ layers });
const input = (inputShape: number[]) => tfl.layers.inputLayer({ inputShape });

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

describe('a model that ends in softmax', () => {
  const model = () => chain(dense({ units: 3, inputShape: [2], activation: 'softmax' }));

  it('gives logits: what the layer computes before', async () => {
    const net = model();
    const architecture = architectureFromLayersModel(net);
    const { parameters } = await instanceFromLayersModel(net, architecture);
    const x = tf.tensor2d([[1, -1]]);
    const [kernel, bias] = parameters as [tf.Tensor2D, tf.Tensor1D];
    expectClose(architecture.apply(parameters, x).dataSync(), tf.add(tf.matMul(x, kernel), bias).dataSync());
    // A certain network is not clipped: the softmax of its own probabilities could not be 1.
    const certain = architecture.apply([tf.mul(kernel, 0), tf.tensor1d([300, 0, -300])], x);
    expect([...certain.dataSync()]).toEqual([300, 0, -300]);
  });
  it('gives what it predicts where asked for values, under another name', async () => {
    const net = model();
    const architecture = architectureFromLayersModel(net, { outputs: 'values' });
    const x = tf.tensor2d([[1, -1]]);
    const { parameters } = await instanceFromLayersModel(net, architecture);
    expect([...architecture.apply(parameters, x).dataSync()]).toEqual([...(net.predict(x) as tf.Tensor).dataSync()]);
    expect(architecture.name).toBe(`${architectureFromLayersModel(net).name}-values`);
    const linear = chain(dense({ units: 3, inputShape: [2] }));
    expect(architectureFromLayersModel(linear, { outputs: 'values' }).name).toBe(architectureFromLayersModel(linear).name);
  });
  it('has the logarithm of what others read too, bounded where it is nothing', () => {
    const x = tfl.input({ shape: [1] });
    const p = dense({ units: 2, activation: 'softmax' }).apply(x) as tfl.SymbolicTensor;
    const net = tfl.model({ inputs: x, outputs: tfl.layers.average().apply([p, p]) as tfl.SymbolicTensor });
    const architecture = architectureFromLayersModel(net);
    const logits = architecture.apply([tf.tensor2d([[1000, 0]]), tf.zeros([2])], tf.ones([1, 1]));
    expectClose(logits.dataSync(), [0, -126 * Math.log(2)]);
  });
  it.each([
    ['dense', () => [dense({ units: 1, activation: 'sigmoid', name: 'yes_or_no' })]],
    ['hard', () => [dense({ units: 3, activation: 'hardSigmoid', name: 'yes_or_no' })]],
    ['behind dropout', () => [dense({ units: 1, activation: 'sigmoid', name: 'yes_or_no' }), tfl.layers.dropout({ rate: 0.5 })]],
    ['activation', () => [dense({ units: 1 }), tfl.layers.activation({ activation: 'sigmoid', name: 'yes_or_no' })]],
  ])('is no sigmoid, which is refused with the way out: %s', async (_, layers) => {
    const net = chain(input([2]), ...layers());
    expect(() => architectureFromLayersModel(net)).toThrow(/yes_or_no .*softmax.* \{ outputs: 'values' \}/);
    const architecture = architectureFromLayersModel(net, { outputs: 'values' });
    const x = tf.ones([1, 2]);
    const { parameters } = await instanceFromLayersModel(net, architecture);
    expect([...architecture.apply(parameters, x).dataSync()]).toEqual([...(net.predict(x) as tf.Tensor).dataSync()]);
  });
  it.each([
    ['flattened over time', tfl.layers.flatten({ name: 'mover' })],
    ['in another shape', tfl.layers.reshape({ targetShape: [2, 3], name: 'mover' })],
    ['with its axes exchanged', tfl.layers.permute({ dims: [2, 1], name: 'mover' })],
  ])('refuses probabilities %s: they are no logits', async (_, mover) => {
    const over = tfl.layers.timeDistributed({ layer: dense({ units: 2, activation: 'softmax' }), inputShape: [3, 4] } as never);
    const net = chain(over, mover);
    expect(() => architectureFromLayersModel(net)).toThrow(/mover .*probabilities that it moves.* \{ outputs: 'values' \}/);
    const values = architectureFromLayersModel(net, { outputs: 'values' });
    const x = tf.randomNormal([2, 3, 4]);
    expectClose(
      values.apply((await instanceFromLayersModel(net, values)).parameters, x).dataSync(),
      (net.predict(x) as tf.Tensor).dataSync(),
    );
  });
  it('has the logarithm of probabilities that are averaged over places', async () => {
    const over = tfl.layers.timeDistributed({ layer: dense({ units: 2, activation: 'softmax' }), inputShape: [3, 4] } as never);
    const net = chain(over, tfl.layers.globalAveragePooling1d());
    const architecture = architectureFromLayersModel(net);
    const x = tf.randomNormal([2, 3, 4]);
    const logits = architecture.apply((await instanceFromLayersModel(net, architecture)).parameters, x);
    expectClose(tf.softmax(logits).dataSync(), (net.predict(x) as tf.Tensor).dataSync(), 1e-6);
  });
  it('refuses a softmax along another axis', () => {
    const net = chain(input([2, 3]), dense({ units: 2 }), tfl.layers.softmax({ axis: 1, name: 'over_time' }));
    expect(() => architectureFromLayersModel(net)).toThrow(/over_time .*another axis.*axis|over_time .*along another axis/);
  });
});

describe('names of parameters and architectures', () => {
  const keras = (first: string, second: string) =>
    chain(dense({ units: 4, inputShape: [3], activation: 'relu', name: first }), dense({ units: 2, name: second }));

  it('do not depend on how many layers Keras had made before', async () => {
    const models = [keras('dense', 'dense_1'), keras('dense_2', 'dense_3'), keras('dense_11', 'dense_12')];
    const architectures = models.map((model) => architectureFromLayersModel(model));
    for (const { name, parameters } of architectures) {
      expect(name).toBe(architectures[0]!.name);
      expect(parameters.map((spec) => spec.name)).toEqual(['dense.weight', 'dense.bias', 'dense_1.weight', 'dense_1.bias']);
    }
    const store = openInstanceStore(memoryFiles(), { resolve: () => architectures[0]! });
    for (const [i, model] of models.entries()) {
      const instance = await instanceFromLayersModel(model, architectures[i]!);
      await store.add({ name: `net-${i}`, instance, epochs: 0, seed: i, metrics: {} });
      const loaded = await store.load(`net-${i}`);
      expect(loaded.parameters.map((tensor) => tensor.arraySync())).toEqual(instance.parameters.map((tensor) => tensor.arraySync()));
      const raw = await instanceToRawTensors(instance);
      expect(() => instanceFromRawTensors(architectures[0]!, raw)).not.toThrow();
    }
  });
});

describe('instanceFromLayersModel', () => {
  const conv = (more: object = {}) =>
    chain(tfl.layers.conv2d({ inputShape: [7, 7, 1], filters: 2, kernelSize: 3, ...more }), tfl.layers.globalMaxPooling2d({}));

  it.each([
    ['activation', { activation: 'relu' }, /activation "linear" of layer 1 \(\w+\), got "relu"/],
    ['strides', { strides: 2 }, /strides \[1,1\] of layer 1 .*, got \[2,2\]/],
    ['padding', { padding: 'same' }, /padding "valid" of layer 1 .*, got "same"/],
    ['dilation', { dilationRate: 2 }, /dilationRate/],
    ['bias', { useBias: false }, /useBias true of layer 1 .*, got false/],
    ['size', { kernelSize: 2 }, /kernelSize \[3,3\] .*got \[2,2\]/],
  ])('refuses a model of another %s, saying so', async (_, more, message) => {
    await expect(instanceFromLayersModel(conv(more), architectureFromLayersModel(conv()))).rejects.toThrow(message);
  });
  it('refuses another epsilon, data format, kind of layer, input and wiring', async () => {
    const norm = (epsilon: number) => chain(tfl.layers.batchNormalization({ inputShape: [2], epsilon }));
    await expect(instanceFromLayersModel(norm(1e-5), architectureFromLayersModel(norm(1e-3)))).rejects.toThrow(
      /epsilon 0.001 .*got 0.00001/,
    );
    const format = (dataFormat: 'channelsFirst' | 'channelsLast') => conv({ inputShape: [1, 7, 1], kernelSize: 1, dataFormat });
    await expect(instanceFromLayersModel(format('channelsFirst'), architectureFromLayersModel(format('channelsLast')))).rejects.toThrow(
      /dataFormat/,
    );
    const pool = (layer: tfl.layers.Layer) => chain(input([4, 4, 1]), tfl.layers.conv2d({ filters: 1, kernelSize: 2 }), layer);
    const [max, average] = [pool(tfl.layers.globalMaxPooling2d({})), pool(tfl.layers.globalAveragePooling2d({}))];
    await expect(instanceFromLayersModel(average, architectureFromLayersModel(max))).rejects.toThrow(
      /layers Conv2D, GlobalMaxPooling2D, got Conv2D, GlobalAverage/,
    );
    const sized = (side: number) => conv({ inputShape: [side, side, 1] });
    await expect(instanceFromLayersModel(sized(8), architectureFromLayersModel(sized(7)))).rejects.toThrow(
      /inputs of \[7, 7, 1\], got \[8, 8, 1\]/,
    );
    const wired = (swap: boolean) => {
      const x = tfl.input({ shape: [2] });
      const [a, b] = [0, 1].map(() => dense({ units: 2 }).apply(x) as tfl.SymbolicTensor) as [tfl.SymbolicTensor, tfl.SymbolicTensor];
      const y = dense({ units: 2 }).apply(a) as tfl.SymbolicTensor;
      return tfl.model({ inputs: x, outputs: tfl.layers.concatenate().apply(swap ? [y, a, b] : [y, b, a]) as tfl.SymbolicTensor });
    };
    await expect(instanceFromLayersModel(wired(true), architectureFromLayersModel(wired(false)))).rejects.toThrow(/inputs of layer 4/);
  });
  it('takes a renamed architecture and one known by its parameters only, but no stranger that happens to fit', async () => {
    const net = conv();
    const architecture = architectureFromLayersModel(net);
    expect((await instanceFromLayersModel(net, { ...architecture, name: 'mine' })).parameters).toHaveLength(2);
    await expect(instanceFromLayersModel(conv({ strides: 2 }), { ...architecture, name: 'mine' })).rejects.toThrow(/strides/);
    const parameters = architecture.parameters.map((spec) => ({ ...spec }));
    const bare = unresolvedArchitecture(architecture.name, parameters);
    expect((await instanceFromLayersModel(net, bare)).architecture).toBe(bare);
    await expect(instanceFromLayersModel(conv({ strides: 2 }), bare)).rejects.toThrow(/of that fingerprint, got layers-model-/);
    const stranger = unresolvedArchitecture('other', parameters.map((spec) => ({ ...spec, name: `features.${spec.name}` }))); // prettier-ignore
    await expect(instanceFromLayersModel(net, stranger)).rejects.toThrow(/parameter 1 to be features.conv2d_1.weight, got conv2d_1.weight/);
    await expect(instanceFromLayersModel(net, lenetLike({ size: 28, channels: 1 }))).rejects.toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });
  it('refuses weights that are no numbers, naming tensor and place', async () => {
    const net = chain(dense({ units: 2, inputShape: [2] }), tfl.layers.batchNormalization());
    const architecture = architectureFromLayersModel(net);
    const [kernel, bias] = net.layers[0]!.weights as [tfl.LayerVariable, tfl.LayerVariable];
    const variance = net.layers[1]!.weights[3]!;
    const before = tf.memory().numTensors;
    kernel.write(tf.tidy(() => tf.tensor2d([[0, 1], [NaN, 2]]))); // prettier-ignore
    await expect(instanceFromLayersModel(net, architecture)).rejects.toThrow(
      /got NaN at \[1, 0\] of dense_Dense\d+\/kernel; leave it out, or take weights from before the training diverged/,
    );
    kernel.write(tf.zeros([2, 2]));
    bias.write(tf.tensor1d([0, -Infinity]));
    await expect(instanceFromLayersModel(net, architecture)).rejects.toThrow(/got -Infinity at \[1\] of dense_Dense\d+\/bias/);
    bias.write(tf.zeros([2]));
    variance.write(tf.tensor1d([1, -3]));
    await expect(instanceFromLayersModel(net, architecture)).rejects.toThrow(/got NaN at \[0, 1\] of dense_1.weight/);
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(5); // those written here
  });
});

/** A layer that gives what `run` says; each test its own class. */
