import { choose, type Option, thing } from '@netspace/prep/internal';

import type { ImageDataset } from './image-dataset.js';
import type { Dataset, LabeledDataset, LabeledTensors, TensorDataset } from './tensors/tensor-dataset.js';

const hasInputs = (given: unknown): boolean => typeof given === 'object' && given !== null && 'inputs' in given;

/** Images of bytes with their classes, as an option or an argument. */
export const imageDataset = thing<ImageDataset>('an image data set, as createImageDataset makes it', ['name', 'images', 'labels', 'count']);
const labeledTensors = thing<LabeledTensors>('tensors with labels, as createTensorDataset makes them', ['name', 'inputs', 'labels', 'count']); // prettier-ignore
/** Tensors, as an option or an argument. */
export const tensorDataset = thing<TensorDataset>('a data set of tensors, as createTensorDataset makes it', [
  'name',
  'inputs',
  'shape',
  'count',
]);

/** Inputs with the class of each, as an option or an argument. */
export const labeledDataset: Option<LabeledDataset> = choose<Option<LabeledDataset>>('a data set', (given) => (hasInputs(given) ? labeledTensors : imageDataset)); // prettier-ignore

/** Inputs for networks, as an option or an argument. */
export const anyDataset: Option<Dataset> = choose<Option<Dataset>>('a data set', (given) =>
  hasInputs(given) ? tensorDataset : imageDataset,
);
