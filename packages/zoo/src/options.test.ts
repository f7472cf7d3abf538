import * as tfl from '@tensorflow/tfjs';
import { itRefusesMisspelt } from '@netspace/testing/option-refusals';

import { augmentOptions } from './datasets/augmented-image-batch.js';
import { datasetFromTensorsOptions } from './datasets/tensors/dataset-from-tensors.js';
import { nameOptions } from './datasets/name-options.js';
import { splitDatasetOptions } from './datasets/split-dataset.js';
import * as zoo from './index.js';
import { initializeOptions } from './initialize.js';
import { architectureFromLayersModelOptions } from './layers-model/functional-call.js';
import { evaluationOptions } from './measure/predict-classes.js';
import { copyInstancesOptions } from './store/copy-instances.js';
import { instanceEntry } from './store/instance-entry.js';
import { instanceStoreOptions } from './store/instance-store.js';
import { recoverInstancesOptions } from './store/repair/recover-instances.js';
import { stopOptions } from './store/stop-options.js';

const { initialize, lenetLike, memoryFiles, openInstanceStore } = zoo;
const images = zoo.parseCifar10(new Uint8Array(2 * 3073));
const numbers = zoo.createTensorDataset({ name: 'one', inputs: Float32Array.of(1), shape: [1], targets: Float32Array.of(1), targetShape: [1] }); // prettier-ignore
const architecture = lenetLike({ width: 0.1 });
const network = { architecture, parameters: initialize(architecture.parameters, { seed: 0 }) };
const store = openInstanceStore(memoryFiles());
const dense = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [2] })] });
const keys = ({ entries }: { readonly entries: object }): string[] => Object.keys(entries);
const task = ['channels', 'size', 'classes', 'width'];

itRefusesMisspelt(
  zoo,
  {
    lenetLike: [task, lenetLike],
    vanillaCnn: [task, zoo.vanillaCnn],
    resnet: [[...task, 'depth'], (o) => zoo.resnet({ depth: 8, ...(o as object) })],
    resnet8: [task, zoo.resnet8],
    resnet32: [task, zoo.resnet32],
    resnet56: [task, zoo.resnet56],
    siren: [['inputs', 'hidden', 'layers', 'outputs', 'omega'], zoo.siren],
    augmentedImageBatch: [keys(augmentOptions), (o) => zoo.augmentedImageBatch(images, [0], o)],
    parseCifar10: [['name', 'limits'], (o) => zoo.parseCifar10(new Uint8Array(3073), o)],
    'parseCifar10: limits': [['images'], (limits) => zoo.parseCifar10(new Uint8Array(3073), { limits })],
    concatDatasets: [keys(nameOptions), (o) => zoo.concatDatasets([images], o)],
    shrinkDataset: [keys(nameOptions), (o) => zoo.shrinkDataset(images, 2, o)],
    subsetDataset: [keys(nameOptions), (o) => zoo.subsetDataset(images, [0], o)],
    splitDataset: [keys(splitDatasetOptions), (o) => zoo.splitDataset(images, o)],
    createImageDataset: [Object.keys(images), (o) => zoo.createImageDataset({ ...images, ...(o as object) })],
    initialize: [keys(initializeOptions), (o) => initialize(architecture.parameters, o)],
    architectureFromLayersModel: [keys(architectureFromLayersModelOptions), (o) => zoo.architectureFromLayersModel(dense, o)],
    openInstanceStore: [keys(instanceStoreOptions), (o) => openInstanceStore(memoryFiles(), o)],
    'openInstanceStore: add': [keys(instanceEntry), (o) => store.add(o)],
    'openInstanceStore: verify': [keys(stopOptions), (o) => store.verify(o)],
    'openInstanceStore: addAll': [keys(instanceEntry), (o) => store.addAll([o])],
    upgradeStore: [keys(stopOptions), (o) => zoo.upgradeStore(memoryFiles(), o)],
    copyInstances: [keys(copyInstancesOptions), (o) => zoo.copyInstances(memoryFiles(), memoryFiles(), { records: [], ...(o as object) })],
    recoverInstances: [keys(recoverInstancesOptions), (o) => zoo.recoverInstances(memoryFiles(), memoryFiles(), o)],
    loadAll: [keys(stopOptions), (o) => zoo.loadAll(store, undefined, o)],
    accuracy: [keys(evaluationOptions), (o) => zoo.accuracy(network, images, o)],
    predictOutputs: [keys(evaluationOptions), (o) => zoo.predictOutputs(network, images, o)],
    targetError: [keys(evaluationOptions), (o) => zoo.targetError(network, numbers, o)],
    createTensorDataset: [Object.keys(numbers), (o) => zoo.createTensorDataset({ ...numbers, ...(o as object) })],
    datasetFromTensors: [keys(datasetFromTensorsOptions), (o) => zoo.datasetFromTensors(new Map(), { name: 'none', ...(o as object) })],
    predictClasses: [keys(evaluationOptions), (o) => zoo.predictClasses(network, images, o)],
  },
  [
    ...[
      'architectureByName',
      'imageBatch',
      'thinDataset',
      'tensorBatch',
      'outputError',
      'parseValAnnotations',
      'parseWnids',
      'parseWords',
      'instanceFromLayersModel',
    ],
    ...['trainableForm', 'bestOf', 'bestOfEach', 'bestOfLargest', 'memoryFiles', 'httpFiles'],
  ],
);
