import { encodeFloat16 } from '@netspace/formats/internal';
import type { Architecture } from '@netspace/prep';
import { type GivenBy, objectOf, oneOf, parseOptions, withDefault } from '@netspace/prep/internal';
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

/** See {@link SaveOptions}. */
export const saveOptions = objectOf({
  /**
   * How weights are written: `float16` halves the file and rounds each to 11 bits; loading gives float32 again.
   * @default 'float32'
   */
  dtype: withDefault(oneOf(['float32', 'float16']), 'float32'),
});

/** Options of `NetSpace.save`. */
export interface SaveOptions extends GivenBy<typeof saveOptions> {}

/** Writes a space through a tf.io handler: the topology is our JSON, the weights follow in the variables' order. */
export async function saveNetSpace(
  space: Saveable,
  target: string | tf.io.IOHandler,
  options: SaveOptions = {},
): Promise<tf.io.SaveResult> {
  const { dtype } = parseOptions('NetSpace.save', saveOptions, options);
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
