import * as tf from '@tensorflow/tfjs-core';

import { float, input, type Operator, text } from '../run/call.js';
import { aligned, isHost, like, onDevice, type Value } from '../run/value.js';
import { flat, unary } from './elementwise.js';

/** Activations, each with the gradient that its formula has. */
export const ACTIVATIONS: Readonly<Record<string, Operator>> = {
  Relu: unary(tf.relu, (x) => Math.max(x, 0)),
  Sigmoid: unary(tf.sigmoid),
  Softplus: unary(tf.softplus),
  Softsign: unary((x) => tf.div(x, tf.add(tf.abs(x), 1))),
  LeakyRelu: (call) => unary((x) => leaky(x, float(call, 'alpha', 0.01)))(call),
  ThresholdedRelu: (call) => unary((x) => tf.where(above(x, float(call, 'alpha', 1)), x, tf.zerosLike(x)))(call),
  Elu: (call) => unary((x) => elu(x, float(call, 'alpha', 1)))(call),
  Celu: (call) => {
    const alpha = float(call, 'alpha', 1);
    return unary((x) => tf.add(tf.relu(x), tf.mul(tf.sub(tf.exp(tf.div(negativePart(x), alpha)), 1), alpha)))(call);
  },
  Selu: (call) => {
    const [alpha, gamma] = [float(call, 'alpha', 1.6732631921768188), float(call, 'gamma', 1.0507010221481323)];
    return unary((x) => tf.mul(elu(x, alpha), gamma))(call);
  },
  HardSigmoid: (call) => unary((x) => hardSigmoid(x, float(call, 'alpha', 0.2), float(call, 'beta', 0.5)))(call),
  HardSwish: unary((x) => tf.mul(x, hardSigmoid(x, 1 / 6, 0.5))),
  Swish: (call) => unary((x) => tf.mul(x, tf.sigmoid(tf.mul(x, float(call, 'alpha', 1)))))(call),
  Mish: unary((x) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  Gelu: (call) => unary(text(call, 'approximate', 'none') === 'tanh' ? geluTanh : gelu)(call),
  PRelu: (call) => {
    const { tensors, axes } = aligned([input(call, 0), input(call, 1)]);
    return { tensor: tf.add(tf.relu(tensors[0]!), tf.mul(tensors[1]!, negativePart(tensors[0]!))), axes };
  },
  Shrink: (call) => {
    const [bias, limit] = [float(call, 'bias', 0), float(call, 'lambd', 0.5)];
    return unary((x) => {
      const below = tf.where(above(tf.neg(x), limit), tf.add(x, bias), tf.zerosLike(x));
      return tf.where(above(x, limit), tf.sub(x, bias), below);
    })(call);
  },
  Clip: (call) => {
    const [x, low, high] = [onDevice(input(call, 0)), call.inputs[1], call.inputs[2]];
    const [min, max] = [bound(low, float(call, 'min', -Infinity)), bound(high, float(call, 'max', Infinity))];
    if (min !== undefined && max !== undefined && x.tensor.dtype === 'float32' && min <= max) {
      return like(x, tf.clipByValue(x.tensor, Math.max(min, -3.4028234663852886e38), Math.min(max, 3.4028234663852886e38)));
    }
    const above = low === undefined && min === -Infinity ? x.tensor : tf.maximum(x.tensor, scalarOf(low, min!));
    return like(x, high === undefined && max === Infinity ? above : tf.minimum(above, scalarOf(high, max!)));
  },
};

const bound = (value: Value | undefined, otherwise: number): number | undefined =>
  value === undefined ? otherwise : isHost(value) ? value.data[0] : undefined;
const scalarOf = (value: Value | undefined, otherwise: number): tf.Tensor =>
  value === undefined ? tf.scalar(otherwise) : tf.reshape(onDevice(value).tensor, []);

const above = (x: tf.Tensor, limit: number): tf.Tensor => flat((t: tf.Tensor) => tf.greater(t, limit))(x);

/** `min(x, 0)`, whose gradient at 0 is 0. */
const negativePart = (x: tf.Tensor): tf.Tensor => tf.neg(tf.relu(tf.neg(x)));
const leaky = (x: tf.Tensor, alpha: number): tf.Tensor => tf.add(tf.relu(x), tf.mul(negativePart(x), alpha));
const elu = (x: tf.Tensor, alpha: number): tf.Tensor => tf.add(tf.relu(x), tf.mul(tf.sub(tf.exp(negativePart(x)), 1), alpha));
const hardSigmoid = (x: tf.Tensor, alpha: number, beta: number): tf.Tensor => tf.clipByValue(tf.add(tf.mul(x, alpha), beta), 0, 1);
const gelu = (x: tf.Tensor): tf.Tensor => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
const geluTanh = (x: tf.Tensor): tf.Tensor => {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};
