import type { RawTensor } from '@netspace/formats';
import { rawToFloat32 } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';

/** Which numbers of a row are which tensor. */
export interface LayoutRow {
  /** Keras' name: `sequential/conv2d/kernel:0`. */
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  /** In TensorFlow's order: `[height, width, in, out]`, `[in, out]` or `[out]`. */
  readonly shape: readonly number[];
}

/**
 * The tensors of a network of Keras that is stored as one row: weights and biases by the names of their layers, kernels in PyTorch's order.
 *
 * A dense layer that reads a flattened image has its inputs in the order height, width, channel there, and channel, height, width here.
 *
 * @throws NetSpaceError `UNSUPPORTED` for a variable that is no kernel and no bias, or a kernel of another rank
 */
export function kerasTensors(row: RawTensor, layout: readonly LayoutRow[]): ReadonlyMap<string, RawTensor> {
  const numbers = rawToFloat32(row);
  const tensors = new Map<string, RawTensor>();
  let channels: number | undefined; // of the convolution before
  for (const { name, begin, end, shape } of layout) {
    const [, layer, kind] = /^(?:.*\/)?([^/]+)\/(kernel|bias)(?::0)?$/.exec(name) ?? [];
    const data = numbers.subarray(begin, end);
    if (layer === undefined || (kind === 'bias') !== (shape.length === 1)) throw unsupported(name, shape);
    if (kind === 'bias') tensors.set(`${layer}.bias`, { dtype: 'F32', shape, data: data.slice() });
    else if (shape.length === 4) {
      const [height, width, inputs, outputs] = shape as [number, number, number, number];
      // From [height · width, in, out] to [out, in, height · width].
      tensors.set(`${layer}.weight`, {
        dtype: 'F32',
        shape: [outputs, inputs, height, width],
        data: turned(data, [height * width, inputs, outputs], [2, 1, 0]),
      });
      channels = outputs;
    } else if (shape.length === 2) {
      const [inputs, outputs] = shape as [number, number];
      const spread = channels !== undefined && channels !== inputs && inputs % channels === 0 ? channels : inputs;
      // From [place, channel, out] to [out, channel, place].
      tensors.set(`${layer}.weight`, {
        dtype: 'F32',
        shape: [outputs, inputs],
        data: turned(data, [inputs / spread, spread, outputs], [2, 1, 0]),
      });
      channels = undefined;
    } else throw unsupported(name, shape);
  }
  return tensors;
}

/** An array of three axes with its axes in another order. */
function turned(data: Float32Array, shape: readonly [number, number, number], order: readonly [number, number, number]): Float32Array {
  const strides = [shape[1] * shape[2], shape[2], 1];
  const [a, b, c] = order.map((axis) => shape[axis]!) as [number, number, number];
  const [da, db, dc] = order.map((axis) => strides[axis]!) as [number, number, number];
  const turnedData = new Float32Array(data.length);
  let to = 0;
  for (let i = 0; i < a; i++) for (let j = 0; j < b; j++) for (let k = 0; k < c; k++) turnedData[to++] = data[i * da + j * db + k * dc]!;
  return turnedData;
}

const unsupported = (name: string, shape: readonly number[]): NetSpaceError =>
  new NetSpaceError('UNSUPPORTED', `zoo import: expected kernels of two or four axes and biases, got ${name.slice(0, 100)} [${shape}]`);
