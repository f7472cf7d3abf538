import * as tf from '@tensorflow/tfjs-core';

import { type Instance, NetSpaceError } from '@netspace/prep';
import { checkInstance, type GivenBy, objectOf, oneOf, parseOptions, placeOf, toTorchOrder, withDefault } from '@netspace/prep/internal';
import { encodeFloat16 } from './half.js';
import type { RawTensor } from './raw-tensor.js';

/** See {@link InstanceToRawTensorsOptions}. */
export const instanceToRawTensorsOptions = objectOf({
  /**
   * Type of the numbers: `float16` halves the file and rounds each number to 11 bits.
   * @default 'float32'
   */
  dtype: withDefault(oneOf(['float32', 'float16']), 'float32'),
});

/** Options of {@link instanceToRawTensors}. */
export interface InstanceToRawTensorsOptions extends GivenBy<typeof instanceToRawTensorsOptions> {}

/**
 * A network's parameters as a PyTorch state dict: its names, order and memory layout.
 *
 * @param instance one tensor per spec, axes in TensorFlow's order; left as it is
 * @returns one raw tensor per spec, of `spec.shape`
 * @throws NetSpaceError `SHAPE_MISMATCH` if a parameter is missing or has another shape than its spec, `INVALID_OPTION` if a number is too
 *   large for half precision, or for options that are unknown or out of range
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { instanceToRawTensors } from '@netspace/formats';
 * import { unresolvedArchitecture } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const linear = unresolvedArchitecture('linear', [{ name: 'fc.weight', shape: [1, 2], tensorAxes: [1, 0] }]);
 * const tensors = await instanceToRawTensors({ architecture: linear, parameters: [tf.tensor2d([[3], [4]])] });
 * console.log(tensors.get('fc.weight')); // { dtype: 'F32', shape: [ 1, 2 ], data: Float32Array(2) [ 3, 4 ] }
 * ```
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
        const data = Float32Array.from(values[i]!);
        return [name, dtype === 'float32' ? { dtype: 'F32', shape, data } : { dtype: 'F16', shape, data: halves(name, data, shape) }];
      }),
    );
  } finally {
    tf.dispose(ordered);
  }
}

const INFINITY = 0x7c00;

function halves(name: string, values: Float32Array, shape: readonly number[]): Uint16Array {
  const bits = Uint16Array.from(values, encodeFloat16);
  const index = bits.findIndex((half, i) => (half & 0x7fff) === INFINITY && Number.isFinite(values[i]));
  if (index >= 0) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `instanceToRawTensors: expected numbers of at most 65504 for F16, got ${values[index]} at [${placeOf(index, shape)}] of ${name}; write F32`,
    );
  }
  return bits;
}
