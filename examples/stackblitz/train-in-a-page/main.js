// Question: how do I learn a space of my own tf.LayersModels in a page, keep it and load it again?
// Output, as the page's title: loaded again: the same network
import * as tf from '@tensorflow/tfjs';
import { NetSpace } from '@netspace/model';
import { requiredPRepShape } from '@netspace/prep';
import { trainNetSpace } from '@netspace/train';
import { architectureFromLayersModel, createImageDataset, instanceFromLayersModel } from '@netspace/zoo';

const log = (line) => (document.querySelector('#log').textContent += `${line}\n`);
await tf.setBackend('cpu');

// Data of two classes: light above, or light below.
const count = 64;
const images = Uint8Array.from(
  { length: count * 64 },
  (_, i) => (Math.floor((i % 64) / 32) === Math.floor(i / 64) % 2 ? 200 : 60) + (i % 7),
);
const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
const dataset = createImageDataset({ name: 'halves', shape: [8, 8, 1], classes: 2, mean: [0.5], std: [0.25], images, labels });
const x = tf.tensor4d(
  Float32Array.from(images, (value) => (value / 255 - 0.5) / 0.25),
  [count, 8, 8, 1],
);
const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 2);

// Six networks, trained for different lengths.
const models = [];
for (const epochs of [1, 2, 3, 4, 6, 8]) {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: epochs });
  const model = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [8, 8, 1] }), tf.layers.dense({ units: 2, kernelInitializer })],
  });
  model.compile({ optimizer: tf.train.adam(1e-2), loss: (target, logits) => tf.losses.softmaxCrossEntropy(target, logits) });
  const { history } = await model.fit(x, y, { epochs, batchSize: 16, verbose: 0 });
  log(`network of ${epochs} epochs: loss ${history.loss.at(-1).toFixed(3)}`);
  models.push(model);
}

// Their space.
const architecture = architectureFromLayersModel(models[0], { purpose: 'classifier' });
const instances = await Promise.all(models.map((model) => instanceFromLayersModel(model, architecture)));
const space = new NetSpace({
  architectures: [architecture],
  prepShape: requiredPRepShape(architecture, { width: 8, heightMultiple: 8 }).toReversed(),
  preset: 'tiny',
  start: { from: 'instance', instance: instances.at(-1) },
});
const task = { kind: 'classification', dataset };
for await (const { step, losses } of trainNetSpace(space, {
  instances,
  task,
  steps: 20,
  batch: { nets: 4, inputs: 16 },
  learningRate: 1e-3,
})) {
  if (losses !== undefined) log(`step ${step}: loss ${losses.loss.toFixed(4)}`);
}

// Kept in the browser, loaded, and asked for the same network.
await space.save('indexeddb://my-space');
const again = await NetSpace.load('indexeddb://my-space', { architectures: [architecture] });
const answers = await Promise.all(
  [space, again].map(async (one) => {
    const [network] = await one.instantiate(one.encode([instances[0]]));
    return architecture.apply(network.parameters, x).data();
  }),
);
const same = answers[0].every((value, i) => value === answers[1][i]);
log(same ? 'Loaded again, it decodes the same network.' : 'Loaded again, it differs.');
document.title = `loaded again: ${same ? 'the same' : 'another'} network`;
