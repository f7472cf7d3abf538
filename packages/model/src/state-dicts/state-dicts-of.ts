import { instanceToRawTensors, type RawTensor } from '@netspace/formats';
import { NetSpaceError, type ParameterSpec, unresolvedArchitecture } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

import type { NetSpace } from '../net-space.js';
import { decoderSpecs, encoderSpecs } from '../weights/specs.js';
import { variablesUnder } from '../weights/variables.js';
import type { SpaceStateDicts } from './net-space-from-state-dicts.js';

/**
 * A space taken apart into PyTorch's state dicts: the names and shapes of the authors' encoder and decoder, so that
 * `load_state_dict(strict=True)` takes them where the sizes are the same. `pytorch/netspace_space.py` of this package has modules of any size.
 *
 * @returns float32 tensors; `writePyTorchCheckpoint` writes each map as a file. Units are a third one, if the space has units
 * @throws NetSpaceError `INVALID_OPTION` if the space is disposed of, `UNSUPPORTED` if it has directions or dense layers
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { NetSpace, stateDictsOf } from '@netspace/model';
 * import { siren } from '@netspace/zoo';
 *
 * const space = new NetSpace({ architectures: [siren({ hidden: 8, layers: 1 })], prepShape: [4, 32], preset: 'tiny' });
 * const { encoder, decoder } = await stateDictsOf(space);
 * console.log([...encoder.keys()][0], decoder.get('scalelayer.scale')?.shape); // conv1.0.weight [ 4, 32 ]
 * ```
 */
export async function stateDictsOf({ config, variables, normalization }: NetSpace): Promise<SpaceStateDicts> {
  const own = (['directions', 'dense'] as const).filter((key) => config[key] !== undefined).join(' and ');
  if (own !== '') {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `stateDictsOf: expected a decoder as the authors' is, without directions and dense layers, got one with ${own}; export the networks that it decodes, or train a space without ${own}`,
    );
  }
  const of = (prefix: string, specs: readonly ParameterSpec[]) => rawTensors(specs, variablesUnder(prefix, variables));
  const { mean, deviation, start } = normalization ?? {};
  const units = Object.entries({ mean, deviation, start }).flatMap(([name, tensor]) =>
    tensor === undefined ? [] : [[name, tensor] as const],
  );
  return {
    encoder: await of('encoder/', encoderSpecs(config)),
    decoder: await of('decoder/', decoderSpecs(config)),
    ...(units.length > 0 && {
      units: await rawTensors(
        units.map(([name, { shape }]) => ({ name, shape })),
        Object.fromEntries(units),
      ),
    }),
  };
}

const rawTensors = (
  specs: readonly ParameterSpec[],
  tensors: Readonly<Record<string, tf.Tensor>>,
): Promise<ReadonlyMap<string, RawTensor>> =>
  instanceToRawTensors({ architecture: unresolvedArchitecture('space', specs), parameters: specs.map(({ name }) => tensors[name]!) });
