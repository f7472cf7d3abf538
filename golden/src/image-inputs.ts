import type { Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { GoldenFile } from './golden-file.js';
import type { Nets } from './nets.js';

/** Images as the files hold them, NCHW, in TensorFlow's order NHWC. */
export const channelsLast = (images: tf.Tensor): tf.Tensor4D => tf.transpose(images as tf.Tensor4D, [0, 2, 3, 1]);

/** A convolution's output in the files' order NCHW. */
export const channelsFirst = (output: tf.Tensor): tf.Tensor4D => tf.transpose(output as tf.Tensor4D, [0, 3, 1, 2]);

/**
 * The images that a net is run on: those that share the net's data set by name (`images-tin`, net `lenetlike-tin` or data set `tin`),
 * else the first that the net can be run on at all.
 */
export function imagesFor(file: GoldenFile, nets: Nets, key: string): string {
  const all = file.names.filter((name) => name === 'images' || name.startsWith('images-'));
  const { dataset } = nets.entry(key);
  const named = all.find((name) => {
    const tag = name.slice('images-'.length);
    return tag !== '' && (key.endsWith(`-${tag}`) || dataset === tag);
  });
  const found = named ?? all.find((name) => canRun(file, nets, key, name));
  if (found === undefined) throw new Error(`${key}: expected images of its data set ${dataset}, got ${all.join(', ') || 'none'}`);
  return found;
}

function canRun(file: GoldenFile, nets: Nets, key: string, images: string): boolean {
  const [, channels, height, width] = file.shape(images);
  try {
    tf.tidy(() => {
      const architecture = nets.architecture(key, height);
      return architecture.apply(nets.instance(architecture, key, 'gen').parameters, tf.zeros([1, height!, width!, channels!]));
    });
    return true;
  } catch {
    return false;
  }
}

/** About how many multiply-adds a classifier takes for a batch of images `[N, C, H, W]`; strides are guessed from names. */
export function networkCost(
  { parameters }: Pick<Architecture, 'parameters'>,
  [batch = 1, , height = 1, width = 1]: readonly number[],
): number {
  const perImage = parameters.reduce((sum, { name, shape }) => {
    const weights = shape.reduce((product, size) => product * size, 1);
    const stage = /^layers\.(\d+)\.\d+\./.exec(name)?.[1];
    const halvings = stage === undefined ? 1 : Number(stage);
    return sum + (shape.length === 4 ? (weights * height * width) / 4 ** halvings : weights);
  }, 0);
  return batch * perImage;
}
