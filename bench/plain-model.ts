import type { DecoderConfig, NamedTensors } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';

// The encoder and decoder as one writes them first: every activation kept, every row of padding encoded, a view as two transposes.

const layer = (weights: NamedTensors, name: string, x: tf.Tensor4D, stride: [number, number], pad: [number, number]): tf.Tensor4D => {
  const padded = tf.pad(x, [[0, 0], [pad[0], pad[0]], [pad[1], pad[1]], [0, 0]]); // prettier-ignore
  return tf.add(tf.conv2d(padded, weights[`${name}.weight`] as tf.Tensor4D, stride, 'valid'), weights[`${name}.bias`]!);
};
const leaky = (x: tf.Tensor4D): tf.Tensor4D => tf.leakyRelu(x, 0.01);

export const plainEncode = (weights: NamedTensors, preps: tf.Tensor3D): tf.Tensor2D =>
  tf.tidy(() => {
    const conv1 = leaky(layer(weights, 'conv1.0', tf.expandDims(preps, 3), [1, 2], [0, 1]));
    const rows = tf.max(leaky(layer(weights, 'conv2.0', conv1, [1, 2], [0, 1])), 2, true) as tf.Tensor4D;
    const conv3 = leaky(layer(weights, 'conv3.0', rows, [1, 1], [1, 0]));
    return tf.squeeze(tf.max(leaky(layer(weights, 'conv4.0', conv3, [1, 1], [1, 0])), 1), [1]);
  });

const view = (x: tf.Tensor4D, shape: readonly [number, number, number]): tf.Tensor4D =>
  tf.transpose(tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [x.shape[0], ...shape]), [0, 2, 3, 1]);

export const plainDecode = (weights: NamedTensors, embeddings: tf.Tensor2D, config: DecoderConfig): tf.Tensor3D =>
  tf.tidy(() => {
    const [height, width] = config.prepShape;
    const { grid, decoderChannels, decoderWidth } = config;
    const square = tf.transpose(tf.reshape(embeddings, [-1, config.embeddingSize / grid ** 2, grid, grid]) as tf.Tensor4D, [0, 2, 3, 1]);
    const view1 = view(leaky(layer(weights, 'conv1.0', square, [2, 2], [1, 1])), [decoderChannels, height, decoderWidth]);
    const view2 = view(leaky(layer(weights, 'conv2.0', view1, [2, 2], [1, 1])), [decoderWidth / 4, height / 2, width / 4]);
    const conv3 = leaky(layer(weights, 'conv3.0', view2, [2, 2], [1, 1]));
    const flat = tf.reshape(tf.transpose(layer(weights, 'conv4.0', conv3, [1, 1], [1, 1]), [0, 3, 1, 2]), [-1, height, width]);
    return tf.add(tf.mul(flat, weights['scalelayer.scale']!), weights['scalelayer.bias']!);
  });
