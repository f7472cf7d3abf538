import { packPRep, parameterCount, unpackPRep } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak, expectNoLeakAfter } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';

import { openInstanceStore } from '../store/instance-store.js';
import { memoryFiles } from '../store/files/store-files.js';
import { architectureFromLayersModel, instanceFromLayersModel } from './functional-call.js';
import { batchFor, MODELS, randomize } from './testing/models.js';

const names = Object.keys(MODELS);
/** What the model predicts, from what the architecture gives. */
const predictionOf = (name: string, output: tf.Tensor): tf.Tensor =>
  name.startsWith('softmax') && !name.endsWith('inside') ? tf.softmax(output) : output;
const values = (tensors: readonly tf.Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()]);

it('has at least sixty models', () => {
  expect(names.length).toBeGreaterThanOrEqual(60);
});

describeOnRuntimes('a model of each kind of layer', () => {
  afterAll(() => tf.disposeVariables());

  it.each(names)(
    '%s: one architecture for two models, which computes what they predict, packed, unpacked, stored and loaded',
    async (name) => {
      const [one, two] = [1, 2].map((seed) => randomize(MODELS[name]!(), seed)) as [
        ReturnType<typeof randomize>,
        ReturnType<typeof randomize>,
      ];
      const architecture = architectureFromLayersModel(one);
      const other = architectureFromLayersModel(two);
      expect([other.name, other.parameters]).toEqual([architecture.name, architecture.parameters]);
      const x = batchFor(name, one);
      const store = openInstanceStore(memoryFiles(), { resolve: () => other });
      const predictions = [];
      for (const [i, model] of [one, two].entries()) {
        const expected = model.predict(x) as tf.Tensor;
        const instance = await instanceFromLayersModel(model, architecture);
        const got = predictionOf(name, architecture.apply(instance.parameters, x));
        expect(got.shape).toEqual(expected.shape);
        expectClose(got.dataSync(), expected.dataSync(), 2e-4);
        // The models are as they were.
        expect(values([model.predict(x) as tf.Tensor])).toEqual(values([expected]));
        predictions.push([...expected.dataSync()]);

        const prep = packPRep(instance, [2, Math.max(1, Math.ceil(parameterCount(architecture.parameters) / 2))]);
        expect(values(unpackPRep(prep, architecture))).toEqual(values(instance.parameters));
        await store.add({ name: `net-${i}`, instance, epochs: 0, seed: i, metrics: {} });
        expect(values((await store.load(`net-${i}`)).parameters)).toEqual(values(instance.parameters));
      }
      expect(predictions[0]).not.toEqual(predictions[1]);
      const { parameters } = await instanceFromLayersModel(one, architecture);
      expectNoLeak(() => architecture.apply(parameters, x));
      await expectNoLeakAfter(async () => [...(await instanceFromLayersModel(one, architecture)).parameters]);
    },
  );
});

describe('a model of each kind of layer', () => {
  afterAll(() => tf.disposeVariables());

  it.each(names)('%s: the gradient is that of tf.layers, or the slope, and on wasm the same', async (name) => {
    await tf.setBackend('cpu');
    const model = randomize(MODELS[name]!(), 3);
    const architecture = architectureFromLayersModel(model, { outputs: 'values' });
    const { parameters } = await instanceFromLayersModel(model, architecture);
    const x = batchFor(name, model);
    const value = (...tensors: tf.Tensor[]) => tf.mean(tf.square(architecture.apply(tensors, x)));
    const own = (): tf.NamedTensorMap => tf.variableGrads(() => tf.mean(tf.square(model.apply(x) as tf.Tensor))).grads;
    if (NO_GRADIENT.has(name)) {
      expect(own).toThrow();
      return;
    }
    const gradients = tf.grads(value)([...parameters]);
    await tf.setBackend('wasm');
    tf.grads(value)([...parameters]).forEach((gradient, i) => expectClose(gradient.dataSync(), gradients[i]!.dataSync(), 1e-4));
    await tf.setBackend('cpu');
    if (model.weights.length === parameters.length && !model.weights.some(({ originalName }) => originalName.endsWith('variance'))) {
      const expected = own();
      // By the values, which are all different: names and shapes may differ.
      for (const { val } of model.weights as unknown as readonly { readonly val: tf.Variable }[]) {
        const i = parameters.findIndex((tensor) => tensor.size === val.size && tensor.dataSync()[0] === val.dataSync()[0]);
        expectClose(gradients[i]!.dataSync(), expected[val.name]!.dataSync(), 1e-4);
      }
      return;
    }
    // Along the gradient itself the slope is its squared length.
    const square = gradients.reduce((sum, gradient) => sum + tf.sum(tf.square(gradient)).dataSync()[0]!, 0);
    const h = 2e-3 / Math.sqrt(square);
    const at = (step: number) => value(...parameters.map((tensor, i) => tf.add(tensor, tf.mul(gradients[i]!, step)))).dataSync()[0]!;
    expect(Math.abs((at(h) - at(-h)) / (2 * h) / square - 1)).toBeLessThan(0.03);
  });
});

/** What TensorFlow.js itself cannot differentiate. */
const NO_GRADIENT = new Set(['conv2d, dilated', 'conv1d, dilated', 'conv3d transposed', 'layer norm without scale', 'thresholded relu']);
