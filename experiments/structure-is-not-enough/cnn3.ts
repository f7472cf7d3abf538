import type { Architecture } from '@netspace/prep';
import { convolutionSpecs, defineArchitecture, flattenChannelsFirst, linearSpecs } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { pooledConvolution, relu } from './pooled.js';

const KERNEL = 3;
const CHANNELS = [16, 32, 15] as const;
const FEATURES = 20;

/** What the networks see and say. */
export interface Cnn3Task {
  /** @default 3 */
  readonly channels?: number;
  /** @default 32 */
  readonly size?: number;
}

/**
 * The classifier of "Structure is not enough": three 3×3 convolutions without padding (16, 32 and 15 channels), each followed by a 2×2
 * maximum and a ReLU, then linear layers of 20 and 10. It has 10,853 parameters for images of 3×32×32.
 *
 * @see Meynent et al., arXiv:2503.17138; `CNN3` in the authors' `def_net.py`
 */
export function cnn3({ channels = 3, size = 32 }: Cnn3Task = {}): Architecture {
  const side = CHANNELS.reduce((before) => Math.floor((before - KERNEL + 1) / 2), size);
  const layers = CHANNELS.map((count, i) => ({ name: `conv${i + 1}`, inputs: CHANNELS[i - 1] ?? channels, count }));
  return defineArchitecture({
    name: `cnn3-${channels}x${size}x${size}-10`,
    purpose: 'classifier',
    input: [size, size, channels],
    parameters: [
      ...layers.flatMap(({ name, inputs, count }, i) =>
        convolutionSpecs(name, inputs, count, KERNEL, { from: i > 0 ? `conv${i}` : undefined, to: name }),
      ),
      ...linearSpecs('fc1', CHANNELS[2] * side ** 2, FEATURES, { from: 'conv3', to: 'fc1' }),
      ...linearSpecs('fc2', FEATURES, 10, { from: 'fc1' }),
    ],
    forward(network, x) {
      const [first, ...others] = layers;
      const start = relu(pooledConvolution((part) => network.conv(first!.name, part, { stride: 2, isInput: true }), x as tf.Tensor4D));
      const image = others.reduce((before, { name }) => relu(tf.maxPool(network.conv(name, before), 2, 2, 'valid')), start);
      return network.linear('fc2', relu(network.linear('fc1', flattenChannelsFirst(image))));
    },
  });
}
