import type { Architecture } from '@netspace/prep';
import { convolutionSpecs, defineArchitecture, flattenChannelsFirst, linearSpecs, type Network } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

const COUNTS = [16, 32, 15] as const;

const network: Network = {
  name: 'cnn-10853',
  purpose: 'classifier',
  input: [32, 32, 3],
  parameters: [
    ...COUNTS.flatMap((count, i) => convolutionSpecs(`conv${i + 1}`, COUNTS[i - 1] ?? 3, count, 3, { from: i > 0 ? `conv${i}` : undefined, to: `conv${i + 1}` })), // prettier-ignore
    ...linearSpecs('fc1', 60, 20, { from: 'conv3', to: 'fc1' }),
    ...linearSpecs('fc2', 20, 10, { from: 'fc1' }),
  ],
  forward(layers, x) {
    let image = x as tf.Tensor4D;
    for (const [i] of COUNTS.entries()) image = tf.leakyRelu(tf.maxPool(layers.conv(`conv${i + 1}`, image), 2, 2, 'valid'), 0.01); // [B, 2, 2, 15] at last
    return layers.linear('fc2', layers.linear('fc1', flattenChannelsFirst(image), 'leaky'));
  },
};

/** The CNN of "Structure is not enough" (arXiv:2503.17138): three 3×3 convolutions, each with max pooling, and two linear layers; 10,853 parameters. */
export const cnn10853 = (): Architecture => defineArchitecture(network);
