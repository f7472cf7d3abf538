import { type NamedTensors, NetSpaceError, tensorShape, type ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

// A space's weights: the names of their parameters, axes in TensorFlow's order.
export type { NamedTensors };

/**
 * Reads one tensor per spec, in the specs' order, checking that it is there and has its shape.
 *
 * @throws NetSpaceError `NOT_FOUND` if a tensor is missing, `SHAPE_MISMATCH` if it has another shape
 */
export function checkWeights(caller: string, weights: NamedTensors, specs: readonly ParameterSpec[]): void {
  for (const spec of specs) {
    const tensor = weights[spec.name];
    const expected = tensorShape(spec);
    if (tensor === undefined) {
      throw new NetSpaceError(
        'NOT_FOUND',
        `${caller}: expected a weight ${spec.name} of shape [${expected}], got none; pass all of the specs`,
      );
    }
    if (!tf.util.arraysEqual(tensor.shape, expected)) {
      throw new NetSpaceError(
        'SHAPE_MISMATCH',
        `${caller}: expected ${spec.name} as [${expected}], got [${tensor.shape}]; pass it in TensorFlow's axis order`,
      );
    }
  }
}

/** The weight and bias of one layer; call after {@link checkWeights}. */
export function layerWeights(weights: NamedTensors, name: string): { readonly weight: tf.Tensor4D; readonly bias: tf.Tensor1D } {
  return { weight: weights[`${name}.weight`] as tf.Tensor4D, bias: weights[`${name}.bias`] as tf.Tensor1D };
}
