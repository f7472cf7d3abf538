import * as tf from '@tensorflow/tfjs-core';

import { type FoldedBatchNorm, type Instance, NetSpaceError } from '@netspace/prep';
import { checkInstance, type GivenBy, objectOf, oneOf, parseOptions, placeOf, toTorchOrder, withDefault } from '@netspace/prep/internal';
import { checkBatchNorms } from './checkpoint/check-batch-norms.js';
import { encodeFloat16 } from './half.js';
import { type RawTensor, rawToFloat32 } from './raw-tensor.js';

/** See {@link InstanceToRawTensorsOptions}. */
export const instanceToRawTensorsOptions = objectOf({
  /**
   * Type of the numbers: `float16` halves the file and rounds each number to 11 bits.
   * @default 'float32'
   */
  dtype: withDefault(oneOf(['float32', 'float16']), 'float32'),
  /**
   * Batch norms that the architecture has folded. `folded`: as the architecture has them, a layer's weight and bias. `separate`: as PyTorch trains
   * them, a layer and a norm that adds the bias, so that `load_state_dict` of the network as it was trained takes them.
   * @default 'folded'
   */
  batchNorms: withDefault(oneOf(['folded', 'separate']), 'folded'),
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
  const { dtype, batchNorms } = parseOptions('instanceToRawTensors', instanceToRawTensorsOptions, options);
  checkInstance('instanceToRawTensors', instance);
  const specs = instance.architecture.parameters;
  const ordered = tf.tidy(() => instance.parameters.map((tensor, i) => tf.clone(toTorchOrder(tensor, specs[i]!))));
  try {
    const values = await Promise.all(ordered.map((tensor) => tensor.data()));
    const folded = new Map(
      specs.map(({ name, shape }, i): [string, RawTensor] => {
        const data = Float32Array.from(values[i]!);
        return [name, dtype === 'float32' ? { dtype: 'F32', shape, data } : { dtype: 'F16', shape, data: halves(name, data, shape) }];
      }),
    );
    if (batchNorms === 'folded') return folded;
    checkBatchNorms('instanceToRawTensors', instance.architecture);
    return withNorms(folded, instance.architecture.batchNorms ?? []);
  } finally {
    tf.dispose(ordered);
  }
}

/**
 * A state dict in which folded norms are layers of their own. Mean 0, variance 2²⁰ and scale 2¹⁰ make each add its bias and nothing else, whatever
 * small number it adds to its variance.
 */
function withNorms(tensors: ReadonlyMap<string, RawTensor>, norms: readonly FoldedBatchNorm[]): ReadonlyMap<string, RawTensor> {
  const byWeight = new Map(norms.map((norm) => [norm.weight, norm]));
  const biases = new Set(norms.map(({ bias }) => bias));
  const result = new Map<string, RawTensor>();
  for (const [name, tensor] of tensors) {
    const folded = byWeight.get(name);
    if (biases.has(name) && folded === undefined) continue;
    if (folded === undefined) {
      result.set(name, tensor);
      continue;
    }
    const { convolution, norm, bias, hasBias = false } = folded;
    const shift = tensors.get(bias)!;
    const filled = (value: number): RawTensor => ({ ...shift, data: shift.data.map(() => value as never) }) as RawTensor;
    const half = shift.dtype === 'F16';
    const constant = (value: number): RawTensor => filled(half ? encodeFloat16(value) : value);
    if (convolution !== undefined) {
      result.set(`${convolution}.weight`, tensor);
      if (hasBias) result.set(`${convolution}.bias`, constant(0));
    }
    result.set(`${norm}.weight`, convolution === undefined ? scaled(tensor) : { dtype: 'F32', shape: shift.shape, data: new Float32Array(shift.data.length).fill(2 ** 10) }); // prettier-ignore
    result.set(`${norm}.bias`, shift);
    result.set(`${norm}.running_mean`, constant(0));
    result.set(`${norm}.running_var`, { dtype: 'F32', shape: shift.shape, data: new Float32Array(shift.data.length).fill(2 ** 20) }); // too large for F16
    result.set(`${norm}.num_batches_tracked`, { dtype: 'I64', shape: [], data: BigInt64Array.of(0n) });
  }
  return result;
}

const scaled = (tensor: RawTensor): RawTensor => ({
  dtype: 'F32',
  shape: tensor.shape,
  data: rawToFloat32(tensor).map((value) => value * 2 ** 10),
});

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
