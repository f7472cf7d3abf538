import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';

import type { Conv2DGeometry } from '../conv2d-geometry.js';
import { currentPrecision } from '../precision.js';
import { type NodeBackend, type OpAttribute, type OpOutput, usesGpu } from './node-backend.js';

/** What a product or a convolution has to do. */
export interface Work {
  readonly multiplications: number;
  /** Numbers that it reads and writes. */
  readonly numbers: number;
  /** Below so many multiplications, starting the conversions costs more than bfloat16 saves. */
  readonly atLeast: number;
}

/** Multiplications for each number that is converted, below which the conversions cost more than bfloat16 saves. */
const MIN_INTENSITY = 32;

/** The work of `batch` products of `[rows, inner]` and `[inner, columns]`. */
export const workOfProduct = (rows: number, inner: number, columns: number, batch = 1): Work => ({
  multiplications: batch * rows * inner * columns,
  numbers: batch * (rows * inner + inner * columns + rows * columns),
  atLeast: 8e6,
});

/** The work of a convolution, or of one of its gradients. */
export function workOfConvolution({ inShape, filterShape, outShape, outChannels }: Conv2DGeometry): Work {
  const [image, filter, output] = [inShape, filterShape, outShape].map(sizeOf) as [number, number, number];
  return { multiplications: (output / outChannels) * filter, numbers: image + filter + output, atLeast: 64e6 };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/**
 * The backend that a product or convolution is to run on: with `setPrecision('bfloat16')`, and if the work is worth the conversions, one
 * whose operations convert their inputs to bfloat16 and their result back; otherwise the backend itself.
 *
 * TensorFlow has oneDNN's kernels for bfloat16 tensors. Its other way, oneDNN's math mode for float32 tensors (`TF_SET_ONEDNN_FPMATH_MODE`),
 * changes nothing on processors without AMX, and nothing in `MatMul` on any.
 *
 * @see docs/decisions/bfloat16.md
 */
export function inPrecision(backend: object, { multiplications, numbers, atLeast }: Work): object {
  if (currentPrecision() === 'float32' || usesGpu(backend)) return backend;
  if (multiplications < atLeast || multiplications < MIN_INTENSITY * numbers) return backend;
  const node = backend as NodeBackend;
  const executeSingleOutput: NodeBackend['executeSingleOutput'] = (name, attributes, inputs) =>
    runInBfloat16(node, name, attributes, inputs);
  return Object.assign(Object.create(node) as NodeBackend, { executeSingleOutput });
}

/** TensorFlow's number for the type, which tfjs-node's addon does not name. */
const TF_BFLOAT16 = 14;

function runInBfloat16(node: NodeBackend, name: string, attributes: readonly OpAttribute[], inputs: readonly TensorInfo[]): Tensor {
  const { binding } = node;
  const made: number[] = [];
  const keep = (id: number): number => {
    made.push(id);
    return id;
  };
  const cast = (id: number, from: number, to: number): OpOutput => {
    const types = Object.entries({ SrcT: from, DstT: to }).map(([key, value]) => ({ name: key, type: binding.TF_ATTR_TYPE, value }));
    return binding.executeOp('Cast', types, [id], 1)[0];
  };
  try {
    const ids = node
      .getInputTensorIds(inputs)
      .map((id, i) => (inputs[i]!.dtype === 'float32' ? keep(cast(id, binding.TF_FLOAT, TF_BFLOAT16).id) : id));
    const typed = attributes.map((one) => (one.name === 'T' ? { ...one, value: TF_BFLOAT16 } : one));
    const result = keep(binding.executeOp(name, typed, ids, 1)[0].id);
    return node.createOutputTensor(cast(result, TF_BFLOAT16, binding.TF_FLOAT));
  } finally {
    for (const id of made) binding.deleteTensor(id);
  }
}
