import '@tensorflow/tfjs';
import { disposeInstances } from '@netspace/prep';
import { architectureByName } from '../architectures/by-name.js';
import { initialize } from '../initialize.js';
import { architectureFromLayersModel, instanceFromLayersModel } from '../layers-model/functional-call.js';
import { expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

import { kerasModel } from './keras-model.js';
import { kerasTopology } from './keras-topology.js';

/** The model that Node reads from the files. */
async function loaded(files: Awaited<ReturnType<typeof kerasModel>>) {
  const [json, weights] = files;
  const parsed = JSON.parse(new TextDecoder().decode(json!.bytes)) as tf.io.ModelJSON;
  const artifacts = await tf.io.getModelArtifactsForJSON(parsed, (manifest) =>
    Promise.resolve([tf.io.getWeightSpecs(manifest), weights!.bytes.slice().buffer]),
  );
  return loadLayersModel(tf.io.fromMemory(artifacts));
}

describe('kerasModel', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each([
    'lenet-like-1x28x28-10-w0.25',
    'lenet-like-3x48x48-5-w0.5',
    'vanilla-cnn-3x16x16-10-w0.3125',
    'vanilla-cnn-1x48x48-3-w0.25',
    'resnet8-1x28x28-10-w0.25',
    'resnet14-3x40x40-4-w0.125',
  ])('writes %s as a model that tf.loadLayersModel opens and that says the same to 1e-5', async (name) => {
    const architecture = architectureByName(name);
    const network = { architecture, parameters: initialize(architecture.parameters, { seed: 3 }) };
    const model = await loaded(await kerasModel(network, { classes: ['a'] }));
    const [, channels, size] = /(\d+)x(\d+)x/.exec(name)!.map(Number);
    const x = tf.randomNormal([3, size!, size!, channels!], 0, 1, 'float32', 5);
    expectClose((model.predict(x) as tf.Tensor).dataSync(), architecture.apply(network.parameters, x).dataSync(), 1e-5);
    // What this package writes, it reads: the parameters' names and values are the zoo's.
    expect(architectureFromLayersModel(model).parameters.map((spec) => spec.name)).toEqual(
      architecture.parameters.map((spec) => spec.name),
    );
    const back = await instanceFromLayersModel(model, architecture);
    back.parameters.forEach((tensor, i) => expect([...tensor.dataSync()]).toEqual([...network.parameters[i]!.dataSync()]));
    disposeInstances([back, network]);
    model.dispose();
    x.dispose();
  });

  it('refuses a SIREN by name and says what there is for it', () => {
    expect(() => kerasTopology(architectureByName('siren-3-8x1-1'))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(/siren-3-8x1-1.*safetensors/) as string }),
    );
  });
});
