import { type Architecture, isNetSpaceError, packPRep, parameterCount, tensorShape, unpackPRep } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak, expectNoLeakAfter } from '@netspace/testing';
import { randomStream } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openInstanceStore } from '../store/instance-store.js';
import { memoryFiles } from '../store/files/store-files.js';
import { architectureFromLayersModel, instanceFromLayersModel } from './functional-call.js';
import { architectureFromModelFile, architectureFromModelJson, modelFileOf } from './files/model-file.js';
import { modelFiles } from './files/model-files.js';
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

describe('the model.json of a model of each kind of layer', () => {
  beforeAll(() => tf.setBackend('cpu'));
  afterAll(() => tf.disposeVariables());

  it.each(SAVED)('%s: gives an architecture, and a file without weights that gives it again', async (name) => {
    const json = { modelTopology: MODELS[name]!().toJSON(undefined, false) as object };
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    const model = randomize(await tfl.models.modelFromJSON(json as never), 4); // what TensorFlow.js reads of it
    const architecture = await architectureFromModelJson(bytes, {}, tfl);
    expect(architecture.name).toBe(architectureFromLayersModel(model).name);
    const file = modelFileOf(architecture)!;
    const again = await architectureFromModelFile(file.bytes, tfl);
    expect([again.name, again.parameters]).toEqual([file.name, architecture.parameters]);
    const { parameters } = await instanceFromLayersModel(model, again);
    const x = batchFor(name, model);
    expectClose(predictionOf(name, again.apply(parameters, x)).dataSync(), (model.predict(x) as tf.Tensor).dataSync(), 2e-4);
    const [written, weights] = await modelFiles({ architecture: again, parameters });
    const { weightsManifest, modelTopology } = JSON.parse(new TextDecoder().decode(written!.bytes)) as tf.io.ModelJSON;
    const artifacts = { modelTopology, weightSpecs: tf.io.getWeightSpecs(weightsManifest), weightData: weights!.bytes.buffer };
    const back = await tfl.loadLayersModel(tf.io.fromMemory(artifacts as tf.io.ModelArtifacts));
    expectClose((back.predict(x) as tf.Tensor).dataSync(), (model.predict(x) as tf.Tensor).dataSync(), 2e-4);
  }); // prettier-ignore

  it('is read, or refused by name, whatever is changed in it', async () => {
    const text = JSON.stringify({ modelTopology: MODELS['batch norm, folded']!().toJSON(undefined, false) as object });
    const random = randomStream(7);
    const below = (count: number): number => Math.floor(random() * count);
    const values = ['null', '-1', '1e9', '"relu"', '[]', '{}', '[[1,2]]', 'true', '""'];
    let refused = 0;
    for (let k = 0; k < 300; k++) {
      // A value or a name that is another.
      const places = [...text.matchAll(/(?<=":)(?:"[^"]*"|-?[\d.e+-]+|null|true|false|\[[^[\]{}]*\])/g)];
      const { index, 0: old } = places[below(places.length)]!;
      const changed = text.slice(0, index) + values[below(values.length)]! + text.slice(index + old.length);
      try {
        await architectureFromModelJson(new TextEncoder().encode(changed), {}, tfl);
      } catch (error) {
        expect(isNetSpaceError(error), `${changed.slice(index - 30, index + 30)}: ${String(error)}`).toBe(true);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
    tf.disposeVariables();
  });

  it('keeps how it is read, and refuses what is none and layers of other programs', async () => {
    const softmax = MODELS['softmax at the end']!();
    const of = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
    const read = (json: unknown, reading = {}) => architectureFromModelJson(of(json), reading, tfl);
    const json = (model: typeof softmax) => ({ modelTopology: model.toJSON(undefined, false) as object });
    const values = await read(json(MODELS['softmax at the end']!()), { outputs: 'values', purpose: 'regressor' });
    const again = await architectureFromModelFile(modelFileOf(values)!.bytes, tfl);
    expect([again.name, again.purpose]).toEqual([values.name, 'regressor']);
    expect(values.name).toMatch(/^layers-model-\w{13}-values$/);
    expect(modelFileOf(architectureFromLayersModel(softmax))).toBeUndefined();
    await expect(read({ modelTopology: { class_name: 'Sequential', config: { layers: [{ class_name: 'Mine', config: {} }] } } })).rejects.toThrow(/layers that TensorFlow.js has, got Mine; for layers of your own write a program/); // prettier-ignore
    const huge = { class_name: 'Dense', config: { units: 1e6, batch_input_shape: [null, 1e6], name: 'huge' } };
    await expect(read({ modelTopology: { class_name: 'Sequential', config: { layers: [huge] } } })).rejects.toThrow(/at most 268435456 numbers in all layers, got more in huge/); // prettier-ignore
    await expect(read({ weights: [] })).rejects.toThrow(/expected modelTopology, got none/);
    await expect(read({ modelTopology: [1] })).rejects.toThrow(/expected layers that TensorFlow.js reads, got/);
    await expect(architectureFromModelJson(Uint8Array.of(1, 2), {}, tfl)).rejects.toThrow(/expected JSON, got something else/);
    await expect(architectureFromModelFile(of(json(softmax)), tfl)).rejects.toThrow(/expected netspace.reading/);
    const written = (architecture: Architecture) => modelFiles({ architecture, parameters: architecture.parameters.map((spec) => tf.zeros(tensorShape(spec))) }); // prettier-ignore
    await expect(written(await read(json(MODELS['batch norm, kept']!())))).rejects.toThrow(/expected a batch norm with scale and center, got batch_norm/); // prettier-ignore
    await expect(written(architectureFromLayersModel(softmax))).rejects.toThrow(
      /expected an architecture that was read of the model.json of one/,
    );
  });
});

/** Models whose files say something that others do not: wrappers, names, settings that TensorFlow.js forgets or adds, several calls of a layer. */
const SAVED = ['conv2d', 'separable', 'batch norm, folded', 'batch norm over time', 'lstm', 'bidirectional, summed', 'embedding, masked lstm', 'nested models, twice', 'a shared layer', 'softmax at the end']; // prettier-ignore

/** What TensorFlow.js itself cannot differentiate. */
const NO_GRADIENT = new Set(['conv2d, dilated', 'conv1d, dilated', 'conv3d transposed', 'layer norm without scale', 'thresholded relu']);
