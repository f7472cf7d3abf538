import '@tensorflow/tfjs';
import { instanceFromCheckpoint, instanceToRawTensors, writePyTorchCheckpoint } from '@netspace/formats';
import { type Architecture, disposeInstances, type Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { architectureFromOnnx } from './architecture-from-onnx.js';
import { instanceFromOnnx } from './instance-from-onnx.js';
import { fixtureBytes, fixtureInput, fixtureModels, fixtureOutput } from '@netspace/testing/onnx-fixtures';
import { writeOnnx } from './write-onnx.js';

const options = { softmax: 'values', layout: 'as-exported' } as const;
const model = (name: string) => fixtureModels.find((one) => one.name === name)!;

function outputOf(name: string, { architecture, parameters }: Instance): Float32Array {
  return tf.tidy(() => architecture.apply(parameters, fixtureInput(model(name).inputs[0]!, 0)).dataSync<'float32'>());
}

function expectClose(got: Float32Array, expected: Float32Array): void {
  const size = Math.max(1, ...expected.map(Math.abs));
  expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i]!))) / size).toBeLessThan(1e-5);
}

describe.each([
  ['mlp', 'mlp.old.onnx', {}],
  ['resnet8', 'resnet8.preserve.onnx', {}],
  ['resnet8', 'resnet8.new.onnx', { epsilon: 1e-5 }],
  ['resnext', 'resnext.preserve.onnx', {}], // its norm has another epsilon
  ['preact', 'preact.old.onnx', {}],
  ['cnn-gru', 'cnn-gru.preserve.onnx', {}],
  ['lstm', 'lstm.old.onnx', {}],
  ['transformer', 'transformer.old.onnx', {}],
  ['transformer', 'transformer.new.onnx', {}],
] as const)('%s as %s', (name, file, reading) => {
  const bytes = fixtureBytes(file);
  const expected = fixtureOutput(model(name).outputs[0]!);

  it('reads a checkpoint of PyTorch by name, and writes one that reads as the same', async () => {
    const architecture = architectureFromOnnx(bytes, options);
    const instance = instanceFromCheckpoint(architecture, fixtureBytes(`${name}.pt`), reading);
    expectClose(outputOf(name, instance), expected);
    const written = writePyTorchCheckpoint(await instanceToRawTensors(instance, { batchNorms: 'separate' }));
    const again = instanceFromCheckpoint(architecture, written, reading);
    expectClose(outputOf(name, again), expected);
    disposeInstances([instance, again]);
  });

  it('writes other weights into the graph', async () => {
    const architecture = architectureFromOnnx(bytes, options);
    const other = changed(architecture, bytes);
    const written = await writeOnnx(other, bytes, options);
    const read = instanceFromOnnx(architectureFromOnnx(written, options), written, options);
    expect(read.architecture.name).toBe(architecture.name);
    const got = outputOf(name, read);
    expectClose(got, outputOf(name, other));
    expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i]!)))).toBeGreaterThan(1e-3);
    disposeInstances([other, read]);
  });
});

/** The file's network with each weight a little larger. */
function changed(architecture: Architecture, bytes: Uint8Array): Instance {
  const instance = instanceFromOnnx(architecture, bytes, options);
  const parameters = instance.parameters.map((tensor) => tf.tidy(() => tf.add(tf.mul(tensor, 1.1), 0.01)));
  disposeInstances([instance]);
  return { architecture, parameters };
}

it('asks for the epsilon of a norm that the exporter folded', () => {
  const architecture = architectureFromOnnx(fixtureBytes('resnet8.new.onnx'));
  expect(() => instanceFromCheckpoint(architecture, fixtureBytes('resnet8.pt'))).toThrow(/expected the epsilon of 0\.1 .* pass epsilon/);
});

it('reads no checkpoint of a network whose norms the older exporter folded: their names are lost', () => {
  const architecture = architectureFromOnnx(fixtureBytes('resnet8.old.onnx'));
  expect(() => instanceFromCheckpoint(architecture, fixtureBytes('resnet8.pt'))).toThrow(/0\.0\.bias/);
});
