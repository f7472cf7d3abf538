import * as tf from '@tensorflow/tfjs-core';

import { axisOf, float, input, int, ints, misfit, type Operator, unsupported } from '../run/call.js';
import { reshaped } from '../run/reshape.js';
import { like, onDevice, range, shapeOf, stored, type Value, type View } from '../run/value.js';
import { padAlong, sliceAlong } from './along.js';

/** A vector of numbers for each channel, shaped so that it broadcasts over a view `[batch, channels, …]`. */
function perChannel(view: View, vector: Value, axis = 1): tf.Tensor {
  const shape = view.axes.map((one) => (one === axis ? view.tensor.shape[view.axes.indexOf(axis)]! : 1));
  return tf.reshape(onDevice(vector).tensor, shape);
}

/** `(x − mean) / √(variance + ε)` over some axes of a view. */
function normalized(x: View, axes: readonly number[], epsilon: number): tf.Tensor {
  const places = axes.map((axis) => x.axes.indexOf(axis));
  const centered = tf.sub(x.tensor, tf.mean(x.tensor, places, true));
  const variance = tf.mean(tf.square(centered), places, true);
  return tf.div(centered, tf.sqrt(tf.add(variance, epsilon)));
}

/** A weight and a bias for each channel. */
const scaled = (x: View, tensor: tf.Tensor, weight: Value, bias: Value): View =>
  like(x, tf.add(tf.mul(tensor, perChannel(x, weight)), perChannel(x, bias)));

const batchNormalization: Operator = (call) => {
  const x = onDevice(input(call, 0));
  if (int(call, 'training_mode', 0) === 1)
    throw unsupported(call, 'a norm that uses its statistics', 'training_mode', 'export the model with model.eval()');
  const [mean, variance] = [perChannel(x, input(call, 3)), perChannel(x, input(call, 4))];
  const inverse = tf.rsqrt(tf.add(variance, float(call, 'epsilon', 1e-5)));
  return scaled(x, tf.mul(tf.sub(x.tensor, mean), inverse), input(call, 1), input(call, 2));
};

const instanceNormalization: Operator = (call) => {
  const x = onDevice(input(call, 0));
  return scaled(x, normalized(x, range(x.axes.length - 2, 2), float(call, 'epsilon', 1e-5)), input(call, 1), input(call, 2));
};

const groupNormalization: Operator = (call) => {
  const x = onDevice(input(call, 0));
  const shape = shapeOf(x);
  const groups = int(call, 'num_groups', 1);
  const [batch = 0, channels = 0, ...pixels] = shape;
  if (channels % groups !== 0) throw misfit(call, `a multiple of ${groups} channels`, [x]);
  const split = reshaped(x, [batch, groups, channels / groups, ...pixels]);
  const whole = like(split, normalized(split, range(split.axes.length - 2, 2), float(call, 'epsilon', 1e-5)));
  const [weight, bias] = [input(call, 1), input(call, 2)];
  // Version 18 has one weight for each group, version 21 one for each channel.
  if (shapeOf(weight)[0] === groups && groups !== channels) return reshaped(scaled(split, whole.tensor, weight, bias), shape);
  const joined = reshaped(whole, shape);
  return scaled(joined, joined.tensor, weight, bias);
};

const layerNormalization =
  (centered: boolean): Operator =>
  (call) => {
    const x = onDevice(input(call, 0));
    const rank = x.axes.length;
    const from = axisOf(call, int(call, 'axis', -1), rank);
    const axes = range(rank - from, from);
    const epsilon = float(call, 'epsilon', 1e-5);
    const places = axes.map((axis) => x.axes.indexOf(axis));
    const whole = centered
      ? normalized(x, axes, epsilon)
      : tf.div(x.tensor, tf.sqrt(tf.add(tf.mean(tf.square(x.tensor), places, true), epsilon)));
    const spread = (value: Value): tf.Tensor => {
      const shape = shapeOf(value);
      const view = reshaped(onDevice(value), [...Array<number>(rank - shape.length).fill(1), ...shape]);
      return stored(view, x.axes);
    };
    const weighted = tf.mul(whole, spread(input(call, 1)));
    const bias = call.inputs[2];
    const result = like(x, bias === undefined || !centered ? weighted : tf.add(weighted, spread(bias)));
    return centered && call.node.outputs.length > 1 ? [result, ...statistics(x, places, epsilon)] : result;
  };

/** Mean and `1 / √(variance + ε)`, which a layer norm gives too where they are asked for. */
function statistics(x: View, places: number[], epsilon: number): View[] {
  const mean = tf.mean(x.tensor, places, true);
  const variance = tf.mean(tf.square(tf.sub(x.tensor, mean)), places, true);
  return [like(x, mean), like(x, tf.rsqrt(tf.add(variance, epsilon)))];
}

/** `x · weight + bias` per channel: a batch norm with its statistics folded into both. */
const affine: Operator = (call) => {
  const x = onDevice(input(call, 0));
  return scaled(x, x.tensor, input(call, 1), input(call, 2));
};

const meanVariance: Operator = (call) => {
  const x = onDevice(input(call, 0));
  return like(x, normalized(x, ints(call, 'axes') ?? [0, 2, 3], 1e-9));
};

const lpNormalization: Operator = (call) => {
  const x = onDevice(input(call, 0));
  const place = x.axes.indexOf(axisOf(call, int(call, 'axis', -1), x.axes.length));
  const size = int(call, 'p', 2) === 1 ? tf.sum(tf.abs(x.tensor), place, true) : tf.sqrt(tf.sum(tf.square(x.tensor), place, true));
  return like(x, tf.divNoNan(x.tensor, size));
};

const lrn: Operator = (call) => {
  const x = onDevice(input(call, 0));
  const [size, alpha, beta, bias] = [int(call, 'size', 1), float(call, 'alpha', 1e-4), float(call, 'beta', 0.75), float(call, 'bias', 1)];
  const place = x.axes.indexOf(1);
  const before = Math.floor((size - 1) / 2);
  const squares = padAlong(tf.square(x.tensor), place, before, size - 1 - before, 0);
  const side = x.tensor.shape[place]!;
  const sums = range(size).map((i) => sliceAlong(squares, place, i, side)).reduce((a, b) => tf.add(a, b)); // prettier-ignore
  return like(x, tf.div(x.tensor, tf.pow(tf.add(tf.mul(sums, alpha / size), bias), beta)));
};

export const NORMS: Readonly<Record<string, Operator>> = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization(true),
  RMSNormalization: layerNormalization(false),
  MeanVarianceNormalization: meanVariance,
  LpNormalization: lpNormalization,
  LRN: lrn,
  'netspace.Affine': affine,
};
