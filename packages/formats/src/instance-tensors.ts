import * as tf from '@tensorflow/tfjs-core';

import { type Architecture, type Instance, NetSpaceError } from '@netspace/prep';
import {
  checkInstance,
  type GivenBy,
  objectOf,
  oneOf,
  parseOptions,
  withDefault,
  equal,
  toTensorOrder,
  toTorchOrder,
} from '@netspace/prep/internal';
import { checkRawTensor, rawToFloat32, type RawTensor } from './raw-tensor.js';
import { encodeFloat16 } from './half.js';

/** See {@link InstanceToRawTensorsOptions}. */
export const instanceToRawTensorsOptions = objectOf({
  /**
   * `float16` halves the file and rounds to 11 bits.
   * @default 'float32'
   */
  dtype: withDefault(oneOf(['float32', 'float16']), 'float32'),
});

/** Options of {@link instanceToRawTensors}. */
export interface InstanceToRawTensorsOptions extends GivenBy<typeof instanceToRawTensorsOptions> {}

/**
 * A network's parameters as a PyTorch state dict: its names, order and memory layout.
 *
 * @returns one raw tensor per spec, `spec.shape`
 * @throws NetSpaceError `SHAPE_MISMATCH` if a parameter is missing or has another shape than its spec;
 *   `INVALID_OPTION` for options that are unknown or out of range
 */
export async function instanceToRawTensors(
  instance: Instance,
  options: InstanceToRawTensorsOptions = {},
): Promise<ReadonlyMap<string, RawTensor>> {
  const { dtype } = parseOptions('instanceToRawTensors', instanceToRawTensorsOptions, options);
  checkInstance('instanceToRawTensors', instance);
  const specs = instance.architecture.parameters;
  const ordered = tf.tidy(() => instance.parameters.map((tensor, i) => tf.clone(toTorchOrder(tensor, specs[i]!))));
  try {
    const values = await Promise.all(ordered.map((tensor) => tensor.data()));
    return new Map(
      specs.map(({ name, shape }, i): [string, RawTensor] => {
        const data = values[i]!;
        return [
          name,
          dtype === 'float32'
            ? { dtype: 'F32', shape, data: Float32Array.from(data) }
            : { dtype: 'F16', shape, data: Uint16Array.from(data, encodeFloat16) },
        ];
      }),
    );
  } finally {
    tf.dispose(ordered);
  }
}

/**
 * A network from a PyTorch state dict; entries that the architecture does not have, such as running statistics, are ignored.
 *
 * @param tensors by parameter name, each of its spec's shape (PyTorch's axis order)
 * @returns an instance with new tensors, which the caller owns
 * @throws NetSpaceError `NOT_FOUND` if a parameter is missing, `SHAPE_MISMATCH` if one has another shape than its spec
 */
export function instanceFromRawTensors<Name extends string>(
  architecture: Architecture<Name>,
  tensors: ReadonlyMap<string, RawTensor>,
): Instance<Name> {
  const checked = architecture.parameters.map((spec) => ({ spec, raw: findTensor(architecture, spec.name, spec.shape, tensors) }));
  const parameters = tf.tidy(() =>
    checked.map(({ spec, raw }) => toTensorOrder(tf.tensor(rawToFloat32(raw), [...spec.shape], 'float32'), spec)),
  );
  return { architecture, parameters };
}

function findTensor(
  architecture: Architecture,
  name: string,
  shape: readonly number[],
  tensors: ReadonlyMap<string, RawTensor>,
): RawTensor {
  const raw = tensors.get(name);
  if (raw === undefined) {
    const present = [...tensors.keys()].slice(0, 5).join(', ');
    throw new NetSpaceError(
      'NOT_FOUND',
      `instanceFromRawTensors: expected a tensor ${name} for ${architecture.name}, got ${tensors.size} others (${present}…); rename the file's tensors`,
    );
  }
  if (!equal(raw.shape, shape)) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `instanceFromRawTensors: expected ${name} of ${architecture.name} as [${shape}], got [${raw.shape}]; is it another architecture's file?`,
    );
  }
  checkRawTensor('instanceFromRawTensors', name, raw);
  return raw;
}
