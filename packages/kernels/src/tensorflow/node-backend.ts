import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** One attribute of an operation, as tfjs-node's addon takes it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor of the addon: its number there, its shape and TensorFlow's number of its type. */
export interface OpOutput {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** tfjs-node's addon, as far as it is used here. */
interface NodeBinding extends Readonly<
  Record<'TF_FLOAT' | 'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_ATTR_FLOAT' | 'TF_ATTR_INT' | 'TF_ATTR_STRING', number>
> {
  executeOp(name: string, attributes: readonly OpAttribute[], inputIds: readonly number[], outputs: 1): readonly [OpOutput];
  deleteTensor(id: number): void;
}

/** The part of tfjs-node's backend that runs any operation of TensorFlow, also those without a kernel in tfjs. */
export interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: NodeBinding;
  executeSingleOutput(name: string, attributes: readonly OpAttribute[], inputs: readonly TensorInfo[]): Tensor;
  /** Numbers of tensors in the addon; tensors that are not there yet are written first. */
  getInputTensorIds(inputs: readonly TensorInfo[]): number[];
  /** Makes a tensor of the addon one of tfjs. */
  createOutputTensor(output: OpOutput): Tensor;
}

/** Whether the backend computes on a GPU. A kernel that is faster on the processor may be slower there. */
export const usesGpu = (backend: unknown): boolean => (backend as NodeBackend).isUsingGpuDevice;

/**
 * Runs an operation of TensorFlow that tfjs has no kernel for, on float32 tensors.
 *
 * @param attributes by name; a number becomes a float, a list of numbers a list of integers
 */
export function runOp(
  backend: unknown,
  name: string,
  inputs: readonly TensorInfo[],
  attributes: Readonly<Record<string, boolean | number | string | readonly number[]>> = {},
): Tensor {
  const node = backend as NodeBackend;
  const { TF_ATTR_BOOL, TF_ATTR_FLOAT, TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT } = node.binding;
  const types = { boolean: TF_ATTR_BOOL, number: TF_ATTR_FLOAT, string: TF_ATTR_STRING, object: TF_ATTR_INT };
  const given = Object.entries(attributes).map(([key, value]) => ({ name: key, type: types[typeof value as keyof typeof types], value }));
  return node.executeSingleOutput(name, [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }, ...given], inputs);
}
