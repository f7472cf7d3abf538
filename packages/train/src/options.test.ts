import type { Option } from '@netspace/prep/internal';
import { itRefusesMisspelt, itRefusesWrong } from '@netspace/testing/option-refusals';
import { createImageDataset, createTensorDataset, lenetLike, memoryFiles, openInstanceStore } from '@netspace/zoo';

import { permutedCopiesOptions } from './batches/permuted-copies.js';
import * as train from './index.js';
import { buildFieldZooOptions } from './recipes/build-field-zoo.js';
import { buildShapeZooOptions } from './recipes/build-shape-zoo.js';
import { buildZooOptions } from './recipes/build-zoo.js';
import { fitOptions } from './instances/fit.js';
import { fitSdfOptions } from './instances/fit-sdf.js';
import { fitSdfsOptions } from './instances/fit-sdfs.js';
import { fieldRecipeOptions } from './recipes/field-recipe.js';
import { shapeRecipeOptions } from './recipes/shape-recipe.js';
import { trainInstanceOptions } from './instances/train-instance.js';
import { trainInstancesOptions } from './instances/train-instances.js';
import { trainRegressorOptions } from './instances/train-regressor.js';
import { zooRecipeOptions } from './recipes/zoo-recipe.js';
import { followSuggestionOptions } from './suggest/follow-suggestion.js';
import { suggestSpaceOptions } from './suggest/suggest-space.js';
import { labelsTask, targetsTask, teacherTask } from './tasks/classification-task.js';
import { occupancyTaskOptions, regressionTaskOptions, rgbTaskOptions } from './tasks/outputs-task-options.js';
import { sdfTaskOptions } from './tasks/sdf-task.js';
import { weightsTaskOptions } from './tasks/weights-task.js';
import { trainNetSpaceOptions } from './train-net-space-options.js';

const architecture = lenetLike({ channels: 1, size: 13, classes: 3, width: 0.1 });
const dataset = createImageDataset({
  ...{ name: 'one', shape: [1, 1, 1], classes: 1, mean: [0], std: [1], images: Uint8Array.of(1), labels: Uint8Array.of(0) },
});
const numbers = createTensorDataset({ name: 'one', inputs: Float32Array.of(1), shape: [1] });
const instance = { architecture, parameters: [] };
const images = { train: dataset, test: dataset };
const store = openInstanceStore(memoryFiles());
const classification = { kind: 'classification', dataset };

/** Each options object, and the least that it takes. */
const described = {
  trainNetSpace: [trainNetSpaceOptions, { instances: [instance], task: { kind: 'weights' }, steps: 1 }],
  'classification from targets': [targetsTask, classification],
  'classification from a teacher': [teacherTask, { ...classification, teacher: instance }],
  'classification from labels': [labelsTask, { ...classification, teacher: 'labels' }],
  regression: [regressionTaskOptions, { kind: 'regression', dataset }],
  rgb: [rgbTaskOptions, { kind: 'rgb' }],
  occupancy: [occupancyTaskOptions, { kind: 'occupancy' }],
  sdf: [sdfTaskOptions, { kind: 'sdf' }],
  weights: [weightsTaskOptions, { kind: 'weights' }],
  trainInstance: [trainInstanceOptions, { ...images, architecture, lengths: [1] }],
  trainInstances: [trainInstancesOptions, { ...images, architecture, networks: [{}] }],
  fitSdfs: [fitSdfsOptions, { fits: [{ samples: { points: new Float32Array(3), distances: new Float32Array(1) } }] }],
  trainRegressor: [trainRegressorOptions, { train: numbers, test: numbers, architecture, lengths: [1] }],
  fitSdf: [fitSdfOptions, { samples: { points: new Float32Array(3), distances: new Float32Array(1) } }],
  buildZoo: [buildZooOptions, { ...images, store }],
  buildShapeZoo: [buildShapeZooOptions, { store, meshes: [] }],
  buildFieldZoo: [buildFieldZooOptions, { store, fields: [] }],
  suggestSpace: [suggestSpaceOptions, {}],
  followSuggestion: [followSuggestionOptions, {}],
  permutedCopies: [permutedCopiesOptions, {}],
  'recipe of classifiers': [zooRecipeOptions, { groups: [{ architecture: 'x', lengths: [1] }] }],
  'recipe of shapes': [shapeRecipeOptions, { kind: 'shapes' }],
  'recipe of fields': [fieldRecipeOptions, { kind: 'fields' }],
} satisfies Record<string, readonly [Option<unknown> & { readonly entries: object }, object]>;

// Anything is an identity; meshes and fields are looked at one by one when they are measured.
itRefusesWrong(described, {
  takes: (key, value) => ['identity', 'meshes'].includes(key) || (key === 'fields' && (Array.isArray(value) || typeof value === 'string')),
});

const keys = (option: { readonly entries: object }): string[] => Object.keys(option.entries);
const nothing = {} as never; // options are looked at first
const recipe = { groups: [{ architecture: 'x', lengths: [1] }] } as const;
const task = (given: object) => train.trainNetSpace(nothing, { instances: [instance], steps: 1, task: given as never });

itRefusesMisspelt(
  train,
  {
    trainNetSpace: [keys(trainNetSpaceOptions), (o) => train.trainNetSpace(nothing, o)],
    'trainNetSpace: targets': [keys(targetsTask), (o) => task({ ...classification, ...(o as object) })],
    'trainNetSpace: teacher': [keys(teacherTask), (o) => task({ ...classification, teacher: instance, ...(o as object) })],
    'trainNetSpace: labels': [keys(labelsTask), (o) => task({ ...classification, teacher: 'labels', ...(o as object) })],
    'trainNetSpace: regression': [keys(regressionTaskOptions), (o) => task({ kind: 'regression', dataset, ...(o as object) })],
    'trainNetSpace: rgb': [keys(rgbTaskOptions), (o) => task({ kind: 'rgb', ...(o as object) })],
    'trainNetSpace: sdf': [keys(sdfTaskOptions), (o) => task({ kind: 'sdf', ...(o as object) })],
    'trainNetSpace: weights': [keys(weightsTaskOptions), (o) => task({ kind: 'weights', ...(o as object) })],
    followSuggestion: [keys(followSuggestionOptions), (o) => train.followSuggestion(nothing, nothing, o)],
    suggestSpace: [keys(suggestSpaceOptions), (o) => train.suggestSpace(nothing, o)],
    permutedCopies: [keys(permutedCopiesOptions), (o) => train.permutedCopies(nothing, o)],
    trainInstance: [keys(trainInstanceOptions), train.trainInstance],
    trainInstances: [keys(trainInstancesOptions), train.trainInstances],
    fitSdfs: [keys(fitSdfsOptions), train.fitSdfs],
    trainRegressor: [keys(trainRegressorOptions), train.trainRegressor],
    fit: [keys(fitOptions), train.fit],
    fitSdf: [keys(fitSdfOptions), train.fitSdf],
    buildZoo: [keys(buildZooOptions), (o) => train.buildZoo(recipe, o)],
    'buildZoo: recipe': [keys(zooRecipeOptions), (o) => train.buildZoo({ ...recipe, ...(o as object) }, { ...images, store })],
    buildShapeZoo: [keys(buildShapeZooOptions), (o) => train.buildShapeZoo({ kind: 'shapes' }, o)],
    buildFieldZoo: [keys(buildFieldZooOptions), (o) => train.buildFieldZoo({ kind: 'fields' }, o)],
    'buildFieldZoo: recipe': [
      keys(fieldRecipeOptions),
      (o) => train.buildFieldZoo({ kind: 'fields', ...(o as object) }, { store, fields: [] }),
    ],
    'buildShapeZoo: recipe': [
      keys(shapeRecipeOptions),
      (o) => train.buildShapeZoo({ kind: 'shapes', ...(o as object) }, { store, meshes: [] }),
    ],
  },
  ['indexedDbCheckpoint', 'memoryCheckpoint', 'memoryMetrics', 'trainedEmbeddings', 'adam', 'scheduleFrom', 'sgd'], // the last three are of model
);
