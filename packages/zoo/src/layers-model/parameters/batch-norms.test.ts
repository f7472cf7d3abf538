import { readFileSync } from 'node:fs';

import { instanceFromCheckpoint, instanceToRawTensors, type RawTensor, rawToFloat32, readCheckpoint, writePyTorchCheckpoint } from '@netspace/formats'; // prettier-ignore
import { disposeInstances } from '@netspace/prep';
import { toTorchOrder } from '@netspace/prep/internal';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';

import { architectureFromLayersModel, instanceFromLayersModel } from '../functional-call.js';

// Made by PyTorch itself, which also folded the norms: packages/formats/fixtures/make-checkpoints.py.
const folder = new URL('../../../../formats/fixtures/checkpoints/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.pt`, folder)));
const { networks } = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as { networks: Record<string, number[][]> };

const { batchNormalization, conv2d, dense, globalAveragePooling2d, inputLayer, reLU } = tfl.layers;
interface Settings {
  readonly bias?: boolean;
  readonly epsilon?: number;
  readonly norm?: string;
}
/** The model of the fixtures; tf.layers numbers layers without names. */
const modelOf = ({ bias = true, epsilon = 1e-5, norm = 'bn' }: Settings = {}): tfl.LayersModel =>
  tfl.sequential({
    layers: [
      conv2d({ name: 'conv', inputShape: [4, 4, 2], filters: 3, kernelSize: 2, useBias: bias }),
      batchNormalization({ name: norm, epsilon }),
      globalAveragePooling2d({}),
      dense({ name: 'fc', units: 2 }),
    ],
  });

describeOnRuntimes('batch norms of a tf.LayersModel', () => {
  it.each([
    ['norm', { bias: false }],
    ['norm-and-bias', {}],
    ['norm-without-scale', {}],
    ['norm-fused', {}],
  ] as const)('are folded out of the checkpoint %s of PyTorch', (file, settings) => {
    const architecture = architectureFromLayersModel(modelOf(settings));
    const instance = instanceFromCheckpoint(architecture, bytesOf(file));
    networks[file]!.forEach((values, i) => {
      const got = tf.reshape(toTorchOrder(instance.parameters[i]!, architecture.parameters[i]!), [-1]);
      expectClose(got.dataSync(), Float32Array.from(values), 2e-7);
    });
    disposeInstances([instance]);
  });
  it('by themselves are read from their own names, and go back as layers', async () => {
    const model = tfl.sequential({
      layers: [inputLayer({ inputShape: [3] }), reLU(), batchNormalization({ name: 'bn', epsilon: 1e-5 }), dense({ name: 'fc', units: 2 })],
    });
    const raw = (...values: readonly number[]): RawTensor => ({ dtype: 'F32', shape: [values.length], data: Float32Array.from(values) });
    const state = new Map<string, RawTensor>([
      ...Object.entries({ 'bn.weight': raw(1, 2, 3), 'bn.bias': raw(4, 5, 6), 'bn.running_mean': raw(1, 1, 2), 'bn.running_var': raw(1, 4, 9) }), // prettier-ignore
      ...Object.entries({ 'fc.weight': { dtype: 'F32' as const, shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }, 'fc.bias': raw(0, 1) }), // prettier-ignore
    ]);
    const architecture = architectureFromLayersModel(model);
    const instance = instanceFromCheckpoint(architecture, writePyTorchCheckpoint(state));
    expectClose(instance.parameters[0]!.dataSync(), Float32Array.of(1, 1, 1), 1e-5); // γ / σ
    expectClose(instance.parameters[1]!.dataSync(), Float32Array.of(3, 4, 4), 1e-5); // β − μ γ / σ
    const back = readCheckpoint(writePyTorchCheckpoint(await instanceToRawTensors(instance, { batchNorms: 'separate' })));
    expect([...state.keys()].filter((name) => !back.has(name))).toEqual([]);
    const again = instanceFromCheckpoint(architecture, writePyTorchCheckpoint(back));
    again.parameters.forEach((tensor, i) => expectClose(tensor.dataSync(), instance.parameters[i]!.dataSync(), 1e-5));
    expect(rawToFloat32(back.get('fc.weight')!)).toEqual(rawToFloat32(state.get('fc.weight')!));
  });
  it('go to PyTorch and back as the layers that they are there', async () => {
    const model = modelOf();
    const architecture = architectureFromLayersModel(model);
    const instance = await instanceFromLayersModel(model, architecture);
    const tensors = await instanceToRawTensors(instance, { batchNorms: 'separate' });
    const wanted = [...readCheckpoint(bytesOf('norm-and-bias')).keys()];
    expect([...tensors.keys()].sort()).toEqual(wanted.sort());
    const again = instanceFromCheckpoint(architecture, writePyTorchCheckpoint(tensors));
    again.parameters.forEach((tensor, i) => expectClose(tensor.dataSync(), instance.parameters[i]!.dataSync(), 1e-6));
  });
  it("of TensorFlow's default epsilon are not folded with it unasked", () => {
    const architecture = architectureFromLayersModel(modelOf({ epsilon: 1e-3 }));
    expect(() => instanceFromCheckpoint(architecture, bytesOf('norm-and-bias'))).toThrow(/expected the epsilon of bn .*; pass epsilon/);
    const { parameters } = instanceFromCheckpoint(architecture, bytesOf('norm-and-bias'), { epsilon: 1e-5 });
    expectClose(parameters[1]!.dataSync(), Float32Array.from(networks['norm-and-bias']![1]!), 2e-7);
  });
  it('of another name than in the file are named, with the way out', () => {
    const architecture = architectureFromLayersModel(modelOf({ norm: 'norm' }));
    expect(() => instanceFromCheckpoint(architecture, bytesOf('norm-and-bias'))).toThrow(
      /the file has batch norms \(bn\) and .* lists others \(norm\): list each in batchNorms .* rename/,
    );
    const { parameters } = instanceFromCheckpoint(architecture, bytesOf('norm-and-bias'), { rename: [['bn.', 'norm.']] });
    expectClose(parameters[1]!.dataSync(), Float32Array.from(networks['norm-and-bias']![1]!), 2e-7);
  });
});
