import { describeOnRuntimes, expectClose, expectNoLeak, expectNoLeakAfter, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';

import { initialize } from '../initialize.js';
import { architectureFromLayersModel, instanceFromLayersModel } from './functional-call.js';

const { layers, input, model, sequential } = tfl;
type Symbolic = tfl.SymbolicTensor;

/** Gives every variable random values; variances positive. */
function randomize(net: tfl.LayersModel, seed = 1): tfl.LayersModel {
  for (const [i, weight] of net.weights.entries()) {
    const shape = weight.shape.map((size) => size!);
    const values = tf.randomUniform(shape, -0.7, 0.7, 'float32', seed + i);
    weight.write(weight.originalName.endsWith('variance') ? tf.add(values, 1) : values);
  }
  return net;
}

const conv = (filters: number, more: object = {}) => layers.conv2d({ filters, kernelSize: 3, ...more });

const convNet = () =>
  sequential({
    layers: [
      conv(3, { inputShape: [7, 7, 2], useBias: false }),
      layers.batchNormalization(),
      layers.activation({ activation: 'relu' }),
      conv(4, { activation: 'elu', padding: 'same', strides: 2 }),
      layers.batchNormalization({ scale: false, epsilon: 0.1 }),
      layers.dropout({ rate: 0.9 }),
      layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 }),
      layers.batchNormalization({ center: false }),
      layers.separableConv2d({ filters: 3, kernelSize: 1, depthMultiplier: 2 }),
      layers.batchNormalization(),
      layers.flatten(),
      layers.gaussianNoise({ stddev: 9 }),
      layers.dense({ units: 4 }),
      layers.batchNormalization(),
      layers.dense({ units: 3 }),
    ],
  });

const branches = () => {
  const x = input({ shape: [6, 6, 2] });
  const left = layers.batchNormalization().apply(conv(3, { padding: 'same' }).apply(x)) as Symbolic;
  const right = conv(3, { padding: 'same', activation: 'tanh' }).apply(x) as Symbolic;
  const shared = conv(3, { padding: 'same' });
  const both = [left, right].map((branch) => layers.batchNormalization().apply(shared.apply(branch)) as Symbolic);
  const sum = layers.add().apply([...both, left]) as Symbolic;
  const concatenated = layers.concatenate().apply([sum, layers.prelu().apply(right) as Symbolic]) as Symbolic;
  const inner = sequential({
    layers: [
      layers.conv2dTranspose({ filters: 2, kernelSize: 2, inputShape: [6, 6, 6] }),
      layers.batchNormalization(),
      layers.globalAveragePooling2d({}),
    ],
  });
  return model({ inputs: x, outputs: layers.dense({ units: 2 }).apply(inner.apply(concatenated) as Symbolic) as Symbolic });
};

const series = () =>
  sequential({
    layers: [
      layers.conv1d({ filters: 3, kernelSize: 2, inputShape: [5, 2], useBias: true }),
      layers.batchNormalization(),
      layers.bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }) as tfl.RNN, mergeMode: 'concat' }),
      layers.layerNormalization({}),
      layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
      layers.gru({ units: 2 }),
    ],
  });

/** The mask goes past the norm, which is folded, to the recurrent layer. */
const masked = () =>
  sequential({
    layers: [
      layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true, inputLength: 4 }),
      layers.batchNormalization(),
      layers.simpleRNN({ units: 2 }),
    ],
  });

const models: Record<string, () => tfl.LayersModel> = { convNet, branches, series, masked };
const batchFor = (net: tfl.LayersModel): tf.Tensor => {
  if (net.layers.some((layer) => layer.getClassName() === 'Embedding')) return tf.tensor2d([1, 2, 0, 0, 3, 0, 4, 0, 1, 1, 1, 1], [3, 4]);
  return tf.randomNormal([3, ...net.inputs[0]!.shape.slice(1).map((side) => side!)], 0, 1, 'float32', 9);
};

describeOnRuntimes('architectureFromLayersModel', () => {
  afterEach(() => tf.disposeVariables());

  it.each(Object.keys(models))('%s gives what the model predicts', async (name) => {
    const net = randomize(models[name]!());
    const architecture = architectureFromLayersModel(net);
    const x = batchFor(net);
    const expected = net.predict(x) as tf.Tensor;
    const { parameters } = await instanceFromLayersModel(net, architecture);
    const got = architecture.apply(parameters, x);
    expect(got.shape).toEqual(expected.shape);
    expectClose(got.dataSync(), expected.dataSync(), 1e-4);
    // Other parameters, the same layers; and the model is as it was.
    const zero = architecture.apply(
      parameters.map((tensor) => tf.zerosLike(tensor)),
      x,
    );
    expect(Math.max(...zero.dataSync())).toBe(0);
    expect([...(net.predict(x) as tf.Tensor).dataSync()]).toEqual([...expected.dataSync()]);
    expectNoLeak(() => architecture.apply(parameters, x));
    await expectNoLeakAfter(async () => [...(await instanceFromLayersModel(net, architecture)).parameters]);
  });

  it.each(['convNet', 'branches', 'series'])('%s has the gradient of its values', async (name) => {
    const net = randomize(models[name]!());
    const architecture = architectureFromLayersModel(net);
    const { parameters } = await instanceFromLayersModel(net, architecture);
    const x = batchFor(net);
    const value = (...tensors: tf.Tensor[]) => tf.mean(tf.square(architecture.apply(tensors, x)));
    const gradients = tf.grads(value)([...parameters]);
    for (let i = 0; i < parameters.length; i += 2) {
      const largest = tf.argMax(tf.abs(tf.reshape(gradients[i]!, [-1]))).dataSync()[0]!;
      const moved = (tensor: tf.Tensor) => value(...parameters.map((other, j) => (j === i ? tensor : other)));
      expectClose([gradients[i]!.dataSync()[largest]!], finiteDifference(moved, parameters[i]!, { h: 2e-3, indices: [largest] }), 0.03);
    }
  });
});

describe('architectureFromLayersModel', () => {
  afterEach(() => tf.disposeVariables());

  it("holds parameters in PyTorch's order under names of their own, batch norm folded or kept", () => {
    const specs = architectureFromLayersModel(convNet()).parameters.map(({ name, shape }) => [name, ...shape].join(' '));
    expect(specs).toEqual([
      'conv2d_1.weight 3 2 3 3',
      'conv2d_1.bias 3',
      'conv2d_2.weight 4 3 3 3',
      'conv2d_2.bias 4',
      'batch_normalization_2.weight 4',
      'batch_normalization_2.bias 4',
      'depthwise_conv2d_1.weight 8 1 2 2',
      'depthwise_conv2d_1.bias 8',
      'separable_conv2d_1.depthwise.weight 16 1 1 1',
      'separable_conv2d_1.pointwise.weight 3 16 1 1',
      'separable_conv2d_1.pointwise.bias 3',
      'dense_1.weight 4 12',
      'dense_1.bias 4',
      'dense_2.weight 3 4',
      'dense_2.bias 3',
    ]);
  });
  it('gives equal models the same name and parameters, other models another name', () => {
    const [one, two] = [architectureFromLayersModel(convNet()), architectureFromLayersModel(convNet())];
    expect(one.name).toMatch(/^layers-model-[0-9a-f]{13}$/);
    expect(two.name).toBe(one.name);
    expect(two.parameters).toEqual(one.parameters);
    const relu = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], activation: 'relu' })] });
    const tanh = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], activation: 'tanh' })] });
    expect(architectureFromLayersModel(relu).name).not.toBe(architectureFromLayersModel(tanh).name);
    expect(architectureFromLayersModel(relu, { name: 'mine' }).name).toBe('mine');
  });
  it('keeps the names that the user gave, and tells equal ones apart', () => {
    const dense = (name?: string) => layers.dense({ units: 2, inputShape: [2], ...(name === undefined ? {} : { name }) });
    const names = architectureFromLayersModel(sequential({ layers: [dense('head'), dense('dense_1'), dense()] })).parameters.map(
      ({ name }) => name,
    );
    expect(names.filter((name) => name.endsWith('weight'))).toEqual(['head.weight', 'dense.weight', 'dense_1.weight']);
  });
  it('is initialized like PyTorch', () => {
    const architecture = architectureFromLayersModel(convNet());
    const parameters = initialize(architecture.parameters, { seed: 0 });
    expect(Math.max(...parameters[1]!.dataSync().map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(18));
    expect([...parameters[4]!.dataSync()]).toEqual([1, 1, 1, 1]);
  });
  it('refuses models it cannot express, naming the layer', () => {
    const stateful = sequential({ layers: [layers.lstm({ units: 2, stateful: true, batchInputShape: [1, 3, 2], name: 'memory' })] });
    expect(() => architectureFromLayersModel(stateful)).toThrow(/memory \(LSTM\): .*stateful: false/);
    expect(() => architectureFromLayersModel(sequential({ layers: [layers.dense({ units: 1 })] }))).toThrow(/inputShape/);
    const graphModel = { inputs: [{}], outputs: [{}] } as unknown as tfl.LayersModel;
    expect(() => architectureFromLayersModel(graphModel)).toThrow(/got a graph model; load it with tf.loadLayersModel/);
    class Counter extends layers.Layer {
      override build(): void {
        this.addWeight('count', [1], 'int32', tfl.initializers.zeros());
        this.built = true;
      }
      override computeOutputShape(shape: tfl.Shape): tfl.Shape {
        return shape;
      }
      static readonly className = 'Counter';
    }
    const counting = sequential({ layers: [new Counter({ inputShape: [2], name: 'counter' })] });
    expect(() => architectureFromLayersModel(counting)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
    expect(() => architectureFromLayersModel(counting)).toThrow(/counter/);
  });
  it('refuses inputs, parameters and models of other shapes', async () => {
    const net = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
    const architecture = architectureFromLayersModel(net, { name: 'net' });
    const { parameters } = await instanceFromLayersModel(net, architecture);
    expect(() => architecture.apply(parameters, tf.ones([1, 2]))).toThrow(/net: expected x as \[batch, 3\], got \[1,2\]/);
    expect(() => architecture.apply(parameters.slice(1), tf.ones([1, 3]))).toThrow(/expected 2 parameters/);
    const other = sequential({ layers: [layers.dense({ units: 3, inputShape: [3] })] });
    const before = tf.memory().numTensors;
    await expect(instanceFromLayersModel(other, architecture)).rejects.toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    expect(tf.memory().numTensors).toBe(before);
  });
  it('gives the variables back when a layer throws', () => {
    class Failing extends layers.Layer {
      static readonly className = 'Failing';
      override computeOutputShape(shape: tfl.Shape): tfl.Shape {
        return shape;
      }
      override call(): tf.Tensor {
        throw new Error('out of order');
      }
    }
    const net = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
    const kernel = net.weights[0]!;
    const own = [...kernel.read().dataSync()];
    const broken = model({ inputs: net.inputs, outputs: new Failing({}).apply(net.outputs[0]!) as Symbolic });
    expect(() => architectureFromLayersModel(broken).apply([tf.zeros([2, 1]), tf.zeros([1])], tf.ones([1, 2]))).toThrow('out of order');
    expect([...kernel.read().dataSync()]).toEqual(own);
  });
  it('normalizes other axes than the last, where tf.layers itself is wrong on cpu and wasm', async () => {
    const bare = conv(3, { inputShape: [2, 5, 5], dataFormat: 'channelsFirst', useBias: false });
    const norms = [layers.batchNormalization({ axis: 1 }), layers.batchNormalization({ axis: 2 })];
    const net = randomize(sequential({ layers: [bare, ...norms] }));
    const x = batchFor(net);
    let expected = bare.call(x, {}) as tf.Tensor;
    norms.forEach((norm, i) => {
      const [gamma, beta, mean, variance] = norm.weights.map((weight) => tf.reshape(weight.read(), i === 0 ? [3, 1, 1] : [3, 1]));
      expected = tf.add(tf.mul(tf.div(tf.sub(expected, mean!), tf.sqrt(tf.add(variance!, 1e-3))), gamma!), beta!);
    });
    const architecture = architectureFromLayersModel(net);
    expect(architecture.parameters.map(({ name }) => name)).toEqual([
      'conv2d_1.weight',
      'conv2d_1.bias',
      'batch_normalization_2.weight',
      'batch_normalization_2.bias',
    ]);
    expectClose(architecture.apply((await instanceFromLayersModel(net, architecture)).parameters, x).dataSync(), expected.dataSync(), 1e-4);
  });
});
