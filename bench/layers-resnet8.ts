import * as tf from '@tensorflow/tfjs';

/** ResNet8 for Tiny-ImageNet as a plain `tf.LayersModel`, batch norm folded: what a predicted network is compared with. */
export function layersResnet8(): tf.LayersModel {
  const input = tf.input({ shape: [64, 64, 3] });
  let x = activate(conv(input, 16, 3, 1));
  for (const [channels, stride] of [
    [16, 1],
    [32, 2],
    [64, 2],
  ] as const) {
    const inner = conv(activate(conv(x, channels, 3, stride)), channels, 3, 1);
    const identity = stride === 1 ? x : conv(x, channels, 1, stride);
    x = activate(tf.layers.add().apply([inner, identity]) as tf.SymbolicTensor);
  }
  const pooled = tf.layers.averagePooling2d({ poolSize: 8, strides: 8 }).apply(x);
  const logits = tf.layers.dense({ units: 200 }).apply(tf.layers.flatten().apply(pooled)) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: logits });
}

const conv = (x: tf.SymbolicTensor, filters: number, kernelSize: number, strides: number): tf.SymbolicTensor =>
  tf.layers.conv2d({ filters, kernelSize, strides, padding: 'same' }).apply(x) as tf.SymbolicTensor;

const activate = (x: tf.SymbolicTensor): tf.SymbolicTensor => tf.layers.leakyReLU({ alpha: 0.01 }).apply(x) as tf.SymbolicTensor;
