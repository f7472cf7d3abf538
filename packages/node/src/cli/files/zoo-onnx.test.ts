import '@tensorflow/tfjs';
import { instanceToRawTensors } from '@netspace/formats';
import { architectureFromOnnx, instanceFromOnnx } from '@netspace/onnx';
import { disposeInstances, unresolvedArchitecture } from '@netspace/prep';
import { expectClose } from '@netspace/testing';
import { architectureByName, initialize } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';

import { graphOf, zooOnnx } from './zoo-onnx.js';

describe('zooOnnx', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    ort.env.wasm.numThreads = 1;
  });

  it.each([
    'lenet-like-1x28x28-10-w0.25',
    'lenet-like-3x48x48-5-w0.5',
    'vanilla-cnn-3x16x16-10-w0.3125',
    'vanilla-cnn-1x48x48-3-w0.25',
    'resnet8-1x28x28-10-w0.25',
    'resnet14-3x40x40-4-w0.125',
    'siren-3-8x2-1',
    'siren-2-8x0-3-omega10',
  ])('%s: the file computes the same here and in onnxruntime, with the same parameters', async (name) => {
    const architecture = architectureByName(name);
    const network = {
      architecture,
      parameters: initialize(architecture.parameters, { seed: 3, scheme: name.startsWith('siren') ? 'siren' : 'pytorch' }),
    };
    const bytes = await zooOnnx(network);
    const read = instanceFromOnnx(architectureFromOnnx(bytes), bytes);
    // The file's order is that of its layers.
    expect(Object.fromEntries(await instanceToRawTensors(read))).toEqual(Object.fromEntries(await instanceToRawTensors(network)));
    const [, channels, size] = /(\d+)x(\d+)x\d/.exec(name)?.map(Number) ?? [];
    const shape = name.startsWith('siren') ? [5, architecture.parameters[0]!.shape[1]!] : [3, size!, size!, channels!];
    const x = tf.randomNormal(shape, 0, 1, 'float32', 5);
    const y = read.architecture.apply(read.parameters, x);
    expectClose(y.dataSync(), architecture.apply(network.parameters, x).dataSync(), 1e-5);
    const channelsFirst = x.rank === 4 ? tf.transpose(x, [0, 3, 1, 2]) : x;
    const session = await ort.InferenceSession.create(bytes);
    const results = await session.run({ input: new ort.Tensor('float32', channelsFirst.dataSync<'float32'>(), channelsFirst.shape) });
    expectClose(results[session.outputNames[0]!]!.data as Float32Array, y.dataSync(), name.startsWith('siren') ? 2e-5 : 1e-5); // sines of large numbers
    await session.release();
    expect(read.architecture.outputs).toEqual([{ name: expect.any(String) as string, dtype: 'float32', shape: [null, y.shape[1]] }]);
    disposeInstances([read, network]);
  });
  it('refuses what is none of the zoo by name', () => {
    const mine = unresolvedArchitecture('mine', [{ name: 'w', shape: [1] }]);
    expect(() => graphOf(mine)).toThrow(/an ONNX file: expected a classifier of the zoo, got mine; take safetensors/);
  });
});
