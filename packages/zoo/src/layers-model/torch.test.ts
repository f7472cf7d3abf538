import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { instanceFromRawTensors, instanceToRawTensors, type RawTensor, rawToFloat32, readSafetensors } from '@netspace/formats';
import { packPRep, parameterCount, unpackPRep } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, expect, it } from 'vitest';

import { architectureFromLayersModel, instanceFromLayersModel } from './functional-call.js';

const { add, concatenate, conv1d, conv2d, conv2dTranspose, conv3d, dense, depthwiseConv2d, flatten, reLU, reshape, separableConv2d } =
  tfl.layers;
type Symbolic = tfl.SymbolicTensor;
const chain = (inputShape: number[], ...layers: tfl.layers.Layer[]): tfl.LayersModel =>
  tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape }), ...layers] });
const head = (units: number) => [flatten(), dense({ units, name: 'head' })];

/** The same networks as in fixtures/torch/make.py, their layers of the same names. */
const NETS: Readonly<Record<string, () => tfl.LayersModel>> = {
  conv: () => chain([6, 6, 1], conv2d({ name: 'conv', filters: 3, kernelSize: 3, activation: 'relu' }), ...head(5)),
  'conv-wide': () => chain([4, 9, 3], conv2d({ name: 'conv', filters: 4, kernelSize: [2, 3], activation: 'tanh' }), ...head(3)),
  strides: () => chain([9, 7, 2], conv2d({ name: 'conv', filters: 4, kernelSize: 3, strides: 2, activation: 'elu' }), ...head(3)),
  'pool-dense-dense': () =>
    chain(
      [12, 12, 3],
      conv2d({ name: 'conv1', filters: 4, kernelSize: 3, activation: 'relu' }),
      tfl.layers.averagePooling2d({ poolSize: 2 }),
      conv2d({ name: 'conv2', filters: 5, kernelSize: 2, activation: 'relu' }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.dropout({ rate: 0.5 }),
      flatten(),
      tfl.layers.dropout({ rate: 0.5 }),
      dense({ units: 6, name: 'fc1' }),
      reLU(),
      dense({ units: 4, name: 'fc2' }),
    ),
  'global-average': () =>
    chain(
      [5, 6, 2],
      conv2d({ name: 'conv', filters: 6, kernelSize: 3 }),
      tfl.layers.globalAveragePooling2d({}),
      dense({ units: 4, name: 'head' }),
    ),
  'global-max': () =>
    chain(
      [5, 6, 2],
      conv2d({ name: 'conv', filters: 6, kernelSize: 3 }),
      tfl.layers.globalMaxPooling2d({}),
      dense({ units: 4, name: 'head' }),
    ),
  'channels-first': () =>
    chain([2, 6, 5], conv2d({ name: 'conv', filters: 3, kernelSize: 3, activation: 'relu', dataFormat: 'channelsFirst' }), ...head(4)),
  conv1d: () => chain([8, 2], conv1d({ name: 'conv', filters: 3, kernelSize: 3, activation: 'relu' }), ...head(4)),
  'conv1d-pool': () =>
    chain([9, 3], conv1d({ name: 'conv', filters: 4, kernelSize: 2 }), tfl.layers.maxPooling1d({ poolSize: 2 }), ...head(2)),
  conv3d: () => chain([4, 3, 5, 2], conv3d({ name: 'conv', filters: 3, kernelSize: 2 }), ...head(2)),
  depthwise: () => chain([5, 4, 3], depthwiseConv2d({ name: 'conv', kernelSize: 2, depthMultiplier: 2 }), ...head(3)),
  separable: () => chain([5, 5, 3], separableConv2d({ name: 'conv', filters: 4, kernelSize: 3, depthMultiplier: 2 }), ...head(3)),
  transposed: () => chain([3, 3, 2], conv2dTranspose({ name: 'conv', filters: 3, kernelSize: 2, strides: 2 }), ...head(3)),
  'rgb-without-convolution': () => chain([3, 4, 3], ...head(4)),
  'two-branches': () => {
    const x = tfl.input({ shape: [6, 6, 2] });
    const left = conv2d({ name: 'left', filters: 3, kernelSize: 3 }).apply(x) as Symbolic;
    const right = conv2d({ name: 'right', filters: 2, kernelSize: 2, strides: 2 }).apply(x);
    const small = dense({ units: 5, name: 'small' }).apply(tfl.layers.globalAveragePooling2d({}).apply(left));
    const all = concatenate().apply([flatten().apply(left), flatten().apply(right), small] as Symbolic[]);
    return tfl.model({ inputs: x, outputs: dense({ units: 4, name: 'head' }).apply(all) as Symbolic });
  },
  'residual-behind-flatten': () => {
    const x = tfl.input({ shape: [4, 4, 1] });
    const conv = flatten().apply(conv2d({ name: 'conv', filters: 3, kernelSize: 2 }).apply(x));
    const skip = dense({ units: 27, name: 'skip' }).apply(flatten().apply(x));
    const sum = reLU().apply(add().apply([conv, skip] as Symbolic[]));
    return tfl.model({ inputs: x, outputs: dense({ units: 3, name: 'head' }).apply(sum) as Symbolic });
  },
  autoencoder: () =>
    chain(
      [6, 6, 2],
      conv2d({ name: 'down', filters: 3, kernelSize: 2, strides: 2, activation: 'relu' }),
      flatten(),
      dense({ units: 5, name: 'code', activation: 'relu' }),
      dense({ units: 27, name: 'grow', activation: 'relu' }),
      reshape({ targetShape: [3, 3, 3] }),
      conv2dTranspose({ name: 'up', filters: 2, kernelSize: 2, strides: 2 }),
    ),
  generator: () =>
    chain(
      [4],
      dense({ units: 24, name: 'grow' }),
      reshape({ targetShape: [4, 2, 3] }),
      conv2d({ name: 'conv', filters: 2, kernelSize: 2 }),
    ),
};

const read = (name: string): ReadonlyMap<string, RawTensor> =>
  readSafetensors(readFileSync(fileURLToPath(new URL(`fixtures/torch/${name}.safetensors`, import.meta.url)))).tensors;
const tensorOf = (raw: RawTensor): tf.Tensor => tf.tensor(rawToFloat32(raw), [...raw.shape]);

describeOnRuntimes('a tf.LayersModel with the weights of a PyTorch network', () => {
  afterEach(() => tf.disposeVariables());

  it.each(Object.keys(NETS))('%s computes what PyTorch computes, and back', async (name) => {
    const fixture = read(name);
    const state = new Map([...fixture].flatMap(([key, raw]) => (key.startsWith('state.') ? [[key.slice(6), raw] as const] : [])));
    const [x, expected] = [tensorOf(fixture.get('input')!), fixture.get('output')!];
    const model = NETS[name]!();
    const architecture = architectureFromLayersModel(model);
    const instance = instanceFromRawTensors(architecture, state);
    const output = architecture.apply(instance.parameters, x);
    expect(output.shape).toEqual(expected.shape);
    expectClose(output.dataSync(), rawToFloat32(expected), 1e-5);

    // The PRep holds PyTorch's numbers in PyTorch's order.
    const prep = packPRep(instance, [4, Math.ceil(parameterCount(architecture.parameters) / 4)]);
    const inOrder = architecture.parameters.flatMap((spec) => [...rawToFloat32(state.get(spec.name)!)]);
    expect([...prep.dataSync().slice(0, inOrder.length)]).toEqual(inOrder);
    expect(unpackPRep(prep, architecture).map((tensor) => tensor.arraySync())).toEqual(
      instance.parameters.map((tensor) => tensor.arraySync()),
    );

    // The model itself with these weights predicts the same, and gives PyTorch's state dict back to the bit.
    model.setWeights(instance.parameters.map((tensor, i) => tf.reshape(tensor, model.weights[i]!.shape.map((size) => size!)))); // prettier-ignore
    expectClose((model.predict(x) as tf.Tensor).dataSync(), rawToFloat32(expected), 1e-5);
    const back = await instanceToRawTensors(await instanceFromLayersModel(model, architecture));
    expect(new Map([...back].map(([key, { shape, data }]) => [key, [shape, [...data]]]))).toEqual(
      new Map([...state].map(([key, { shape, data }]) => [key, [shape, [...data]]])),
    );
  });
});
