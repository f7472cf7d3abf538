import '@tensorflow/tfjs';
import { disposeInstances } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { architectureFromOnnx } from './architecture-from-onnx.js';
import { instanceFromOnnx } from './instance-from-onnx.js';
import { fixtureBytes, fixtureInput, fixtureModels, fixtureOutput } from '@netspace/testing/onnx-fixtures';

const model = (name: string) => fixtureModels.find((one) => one.name === name)!;

/** What a network gives for an image as the file has it, given and taken channels-last. */
function outputOf(name: string, file: string, batch?: number) {
  const { inputs, outputs } = model(name);
  const bytes = fixtureBytes(file);
  const architecture = architectureFromOnnx(bytes);
  const instance = instanceFromOnnx(architecture, bytes);
  const x = tf.tidy(() => {
    const image = tf.transpose(fixtureInput(inputs[0]!, 0), [0, 2, 3, 1]);
    return batch === undefined ? image : tf.slice(tf.concat([image, image, image], 0), 0, batch);
  });
  const y = architecture.apply(instance.parameters, x);
  disposeInstances([instance]);
  return { architecture, y, expected: fixtureOutput(outputs[0]!) };
}

describe('an ONNX network as an architecture of images', () => {
  it('takes images channels-last, and is a classifier', () => {
    const { architecture, y, expected } = outputOf('resnet8', 'resnet8.old.onnx');
    expect(architecture.purpose).toBe('classifier');
    expect(architecture.inputs).toEqual([{ name: 'input0', shape: [null, 16, 16, 3], dtype: 'float32' }]);
    expectClose(y.dataSync(), expected);
  });
  it('gives images channels-last', () => {
    const { architecture, y, expected } = outputOf('unet-transposed', 'unet-transposed.new.onnx');
    expect(architecture.purpose).toBe('other');
    expect(y.shape).toEqual([2, 16, 16, 2]);
    expectClose(tf.transpose(y, [0, 3, 1, 2]).dataSync(), expected);
  });
  it('gives the logits before a softmax', () => {
    const { architecture, y, expected } = outputOf('classes', 'classes.old.onnx');
    expect(architecture.purpose).toBe('classifier');
    expectClose(tf.softmax(y).dataSync(), expected);
    expect(tf.max(y).dataSync()[0]).not.toBeCloseTo(tf.max(tf.tensor(expected)).dataSync()[0]!, 3);
  });
  it('runs a graph that was exported for two examples on six, and refuses five', () => {
    const { y, expected } = outputOf('lenet-view', 'lenet-view.static.onnx', 6);
    expect(y.shape).toEqual([6, 10]);
    expectClose(y.dataSync(), [...expected, ...expected, ...expected]);
    expect(() => outputOf('lenet-view', 'lenet-view.static.onnx', 5)).toThrow(
      /multiple of 2 examples.*got 5; export it with a dynamic batch/,
    );
  });
  it('computes no transpose of an image within a network of convolutions', () => {
    const bytes = fixtureBytes('resnet8.preserve.onnx');
    const architecture = architectureFromOnnx(bytes);
    const instance = instanceFromOnnx(architecture, bytes);
    const kernels = kernelsOf(() => architecture.apply(instance.parameters, tf.ones([2, 16, 16, 3])));
    expect(kernels.filter((name) => name === 'Conv2D').length).toBe(9);
    expect(kernels.filter((name) => name === 'Transpose')).toEqual([]);
  });
  it('has a name of what it computes, whatever its weights and names between', () => {
    const nameOf = (file: string): string => architectureFromOnnx(fixtureBytes(file)).name;
    expect(nameOf('lenet.old.onnx')).toMatch(/^onnx-[0-9a-f]{13}$/);
    expect(nameOf('lenet.old.onnx')).toBe(nameOf('lenet.old.onnx'));
    expect(nameOf('lenet.old.onnx')).not.toBe(nameOf('lenet-view.static.onnx'));
  });
});

function kernelsOf(run: () => tf.Tensor): string[] {
  const names: string[] = [];
  const engine = tf.engine();
  const { runKernel } = engine;
  engine.runKernel = (name, ...rest) => (names.push(name), runKernel.call(engine, name, ...rest)) as never;
  try {
    tf.tidy(run);
  } finally {
    Reflect.deleteProperty(engine, 'runKernel'); // of the engine's own: the class's is there again
  }
  return names;
}

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < got.length; i++) expect(got[i]).toBeCloseTo(expected[i]!, 4);
}
