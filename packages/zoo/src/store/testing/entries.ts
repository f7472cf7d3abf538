import { type Instance } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

import { architectureByName } from '../../architectures/by-name.js';
import { initialize } from '../../initialize.js';
import { type StoreFiles } from '../files/store-files.js';

export const instanceOf = (name: string, seed = 0): Instance => {
  const architecture = architectureByName(name);
  return { architecture, parameters: initialize(architecture.parameters, { seed }) };
};
export const small = 'siren-3-8x1-1';
export const entry = (name: string, seed = 0, architecture = small) => ({
  name,
  instance: instanceOf(architecture, seed),
  epochs: 2,
  seed,
  metrics: { mse: 0.5 },
});
export const values = (tensors: readonly tf.Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()]);
export const bytesOf = (text: string) => new TextEncoder().encode(text);
export const manifestOf = async (files: StoreFiles) => new TextDecoder().decode(await files.read('manifest.json'));
