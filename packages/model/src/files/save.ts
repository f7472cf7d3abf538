import { encodeFloat16 } from '@netspace/formats';
import { NetSpaceError, type Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { NetSpaceConfig } from '../config.js';
import type { StartedFrom } from '../start.js';
import { findHandler } from './io-handler.js';
import { namedNormalization } from '../units/normalization.js';
import type { Normalization } from '../units/units.js';
import { writeTopology } from './topology.js';
import type { NamedVariables } from '../weights/variables.js';

interface Saveable {
  readonly architectures: readonly Architecture[];
  readonly config: NetSpaceConfig;
  readonly startedFrom: StartedFrom;
  readonly variables: NamedVariables;
  readonly normalization: Normalization | undefined;
}

/** Options of `NetSpace.save`. */
export interface SaveOptions {
  /**
   * Type of the saved weights: `float16` halves the file and rounds each weight to 11 bits. Loading gives float32 in both cases.
   *
   * @default 'float32'
   */
  readonly dtype?: 'float32' | 'float16';
}

/** Writes a space through a tf.io handler: the topology is our JSON, the weights follow in the variables' order. */
export async function saveNetSpace(
  space: Saveable,
  target: string | tf.io.IOHandler,
  { dtype = 'float32' }: SaveOptions = {},
): Promise<tf.io.SaveResult> {
  const given: string = dtype; // from JavaScript it may be anything
  if (given !== 'float32' && given !== 'float16') {
    throw new NetSpaceError('INVALID_OPTION', `NetSpace.save: expected dtype 'float32' or 'float16', got ${given}`);
  }
  const save = findHandler('NetSpace.save', target, 'save');
  const { data, specs } = await tf.io.encodeWeights({
    ...space.variables,
    ...(space.normalization && namedNormalization(space.normalization)),
  });
  const half = dtype === 'float16';
  return save({
    modelTopology: writeTopology(space),
    format: 'netspace',
    generatedBy: '@netspace/model',
    convertedBy: null,
    weightSpecs: specs.map(({ name, shape }) => ({ name, shape, dtype: 'float32', ...(half && { quantization: HALF }) })),
    weightData: half ? Uint16Array.from(new Float32Array(data), encodeFloat16).buffer : data,
  });
}

/** As `tf.io` writes and reads it. */
const HALF = { dtype: 'float16', original_dtype: 'float32' } as const;
