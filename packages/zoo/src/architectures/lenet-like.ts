import type { Architecture } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

import { convolvedSize } from '../layers/conv.js';
import { imageTaskName, resolveImageTask, scaled, type ImageTask } from './image-task.js';
import { convolutionSpecs, flattenChannelsFirst, linearSpecs } from '../layers/layers.js';
import { defineArchitecture, type Network } from '../layers/network.js';

/**
 * LeNetLike, the paper's smallest classifier: 5×5 convolutions of stride 2, then three linear layers.
 *
 * Below 48 pixels two convolutions without padding (6 and 16 channels), from 48 on three (4, 8, 16), the first with padding 2;
 * then 120 and 84 features. Leaky ReLU 0.01 after every layer but the last. Logits are `[batch, classes]`.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the task is out of range; images must have at least 13×13 pixels
 * @see the authors' LeNetLike for CIFAR-10 and Tiny-ImageNet, sizes in `golden/data/manifest.json`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ channels: 1, size: 28 });
 * const parameters = initialize(architecture.parameters, { seed: 1 });
 * console.log(architecture.name); // lenet-like-1x28x28-10
 * console.log(architecture.apply(parameters, tf.zeros([5, 28, 28, 1])).shape); // [ 5, 10 ]
 * ```
 */
export const lenetLike = (task: ImageTask = {}): Architecture => defineArchitecture(lenetLikeNetwork(task));

export function lenetLikeNetwork(task: ImageTask): Network {
  const resolved = resolveImageTask('lenetLike', task, { smallest: 13 });
  const { channels, size, classes, width } = resolved;
  const counts = (size < 48 ? [6, 16] : [4, 8, 16]).map((count) => scaled(count, width));
  const paddings = size < 48 ? [0, 0] : [2, 0, 0];
  const finalSize = paddings.reduce((side, padding) => convolvedSize(side, 5, 2, padding), size);
  const features = [counts.at(-1)! * finalSize ** 2, scaled(120, width), scaled(84, width)];
  return {
    name: `lenet-like-${imageTaskName(resolved)}`,
    purpose: 'classifier',
    input: [size, size, channels],
    parameters: [
      ...counts.flatMap((count, i) =>
        convolutionSpecs(`conv${i + 1}`, counts[i - 1] ?? channels, count, 5, { from: i > 0 ? `conv${i}` : undefined, to: `conv${i + 1}` }),
      ),
      ...linearSpecs('fc1', features[0]!, features[1]!, { from: `conv${counts.length}`, to: 'fc1' }),
      ...linearSpecs('fc2', features[1]!, features[2]!, { from: 'fc1', to: 'fc2' }),
      ...linearSpecs('fc3', features[2]!, classes, { from: 'fc2' }),
    ],
    forward(layers, x) {
      let image = x as tf.Tensor4D;
      paddings.forEach((padding, i) => (image = layers.conv(`conv${i + 1}`, image, { stride: 2, padding, activation: 'leaky' })));
      const hidden = layers.linear('fc1', flattenChannelsFirst(image), 'leaky');
      return layers.linear('fc3', layers.linear('fc2', hidden, 'leaky'));
    },
  };
}
