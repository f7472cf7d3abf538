import { type Instance, type ParameterSpec, tensorShape } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The same network with hidden units of equal scale. A ReLU lets a positive factor through, and so does a maximum: the weights into a unit may
 * be divided by a factor and those out of it multiplied by it. Here the weights into each unit, bias included, get the norm √2, which He's
 * initial values have on average. What the network says stays the same to rounding.
 *
 * @param instance of `cnn3`: a chain of convolutions and linear layers, each with weight and bias, the last of which has no ReLU
 * @returns a network with tensors of its own
 */
export function balanced({ architecture, parameters }: Instance): Instance {
  const specs = architecture.parameters;
  return {
    architecture,
    parameters: tf.tidy(() => {
      let before: tf.Tensor1D | undefined;
      const layers = specs.filter(({ shape }) => shape.length > 1).length;
      return Array.from({ length: layers }, (_, layer) => {
        const [weight, bias] = [matrixOf(parameters[2 * layer]!, specs[2 * layer]!), parameters[2 * layer + 1]!]; // [in, out], [out]
        const scaled = before === undefined ? weight : tf.mul(weight, tf.reshape(spread(before, weight.shape[0]!), [-1, 1]));
        const factor =
          layer === layers - 1 ? tf.onesLike(bias) : tf.div(tf.sqrt(tf.add(tf.sum(tf.square(scaled), 0), tf.square(bias))), Math.SQRT2);
        const units = tf.where(tf.greater(factor, 0), factor, tf.onesLike(factor)) as tf.Tensor1D; // of a dead unit nothing is left to scale
        before = units;
        return [weightOf(tf.div(scaled, units) as tf.Tensor2D, specs[2 * layer]!), tf.div(bias, units)];
      }).flat();
    }),
  };
}

/** Rows are inputs in PyTorch's order, channel by channel; columns are outputs. */
function matrixOf(tensor: tf.Tensor, { shape }: ParameterSpec): tf.Tensor2D {
  if (shape.length === 2) return tensor as tf.Tensor2D;
  const byChannel = tf.transpose(tensor, [2, 0, 1, 3]); // HWIO → IHWO
  return tf.reshape(byChannel, [-1, shape[0]!]) as tf.Tensor2D;
}

function weightOf(matrix: tf.Tensor2D, spec: ParameterSpec): tf.Tensor {
  if (spec.shape.length === 2) return matrix;
  const [height, width, inputs, outputs] = tensorShape(spec) as [number, number, number, number];
  return tf.transpose(tf.reshape(matrix, [inputs, height, width, outputs]), [1, 2, 0, 3]);
}

/** Each number as often as its channel has inputs in the next layer. */
const spread = (channels: tf.Tensor1D, inputs: number): tf.Tensor =>
  tf.reshape(tf.tile(tf.expandDims(channels, 1), [1, inputs / channels.size]), [inputs]);
