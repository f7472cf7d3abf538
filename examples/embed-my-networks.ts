// Question: I have a family of Keras-style models. How do I embed them, and run what comes back?
// Output, about:
//   step 100 of 300
//   step 200 of 300
//   step 300 of 300
//   model 0: accuracy 0.666, decoded from 256 numbers 0.738
//   model 1: accuracy 0.668, decoded from 256 numbers 0.736
//   model 2: accuracy 0.776, decoded from 256 numbers 0.824
//   model 3: accuracy 0.854, decoded from 256 numbers 0.852
//   model 4: accuracy 0.870, decoded from 256 numbers 0.876
//   model 5: accuracy 0.908, decoded from 256 numbers 0.894
import * as tf from '@tensorflow/tfjs';
import { accuracy } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { loadMnist, selectRuntime } from '@netspace/node';
import { trainNetSpace } from '@netspace/train';
import { requiredPRepShape } from '@netspace/prep';
import { architectureFromLayersModel, imageBatch, instanceFromLayersModel } from '@netspace/zoo';

await selectRuntime();
const { train, test } = await loadMnist({ train: 2000, test: 500 });

// Six models of one structure, trained for different lengths.
const makeModel = (seed: number) =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [28, 28, 1],
        filters: 4,
        kernelSize: 5,
        strides: 4,
        activation: 'relu',
        kernelInitializer: tf.initializers.glorotUniform({ seed }),
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, kernelInitializer: tf.initializers.glorotUniform({ seed: seed + 1 }) }),
    ],
  });
const { images, labels } = imageBatch(train, [...Array(train.count).keys()]);
const models: tf.LayersModel[] = [];
for (const [index, epochs] of [1, 1, 2, 3, 4, 6].entries()) {
  const model = makeModel(10 * index);
  model.compile({ optimizer: tf.train.adam(3e-3), loss: (y, p) => tf.losses.softmaxCrossEntropy(y, p) });
  await model.fit(images, tf.oneHot(labels, 10), { epochs, batchSize: 64, verbose: 0 });
  models.push(model);
}

// Any tf.LayersModel is an architecture; each model is an instance of it.
const architecture = architectureFromLayersModel(models[0]!, { purpose: 'classifier' });
const instances = await Promise.all(models.map((model) => instanceFromLayersModel(model, architecture)));
const width = Math.ceil(requiredPRepShape(architecture, { width: 8 })[0] / 8) * 8;
const space = new NetSpace({
  architectures: [architecture],
  prepShape: [8, width],
  preset: 'small',
  start: { from: 'instance', instance: instances[5]! },
});
const task = { kind: 'classification', dataset: train } as const;
for await (const { step, steps } of trainNetSpace(space, {
  instances,
  task,
  steps: 300,
  batch: { nets: 4, inputs: 64 },
  learningRate: 1e-3,
})) {
  if (step % 100 === 0) console.log(`step ${step} of ${steps}`);
}

const predicted = await space.instantiate(space.encode(instances));
for (const [index, target] of instances.entries()) {
  const [before, after] = [await accuracy(target, test), await accuracy(predicted[index]!, test)];
  console.log(`model ${index}: accuracy ${before.toFixed(3)}, decoded from ${space.config.embeddingSize} numbers ${after.toFixed(3)}`);
}
