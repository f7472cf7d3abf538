import type { Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { NetSpaceConfig } from './config.js';
import { findHandler } from './io-handler.js';
import { writeTopology } from './topology.js';
import type { NamedVariables } from './variables.js';

interface Saveable {
  readonly architectures: readonly Architecture[];
  readonly config: NetSpaceConfig;
  readonly variables: NamedVariables;
}

/** Writes a space through a tf.io handler: the topology is our JSON, the weights are float32 in the variables' order. */
export async function saveNetSpace(space: Saveable, target: string | tf.io.IOHandler): Promise<tf.io.SaveResult> {
  const save = findHandler('NetSpace.save', target, 'save');
  const { data, specs } = await tf.io.encodeWeights({ ...space.variables });
  return save({
    modelTopology: writeTopology(space.config, space.architectures),
    format: 'netspace',
    generatedBy: '@netspace/model',
    convertedBy: null,
    weightSpecs: specs.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    weightData: data,
  });
}
