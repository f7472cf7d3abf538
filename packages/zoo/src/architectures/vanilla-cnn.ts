import type { Architecture } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

import { convolvedSize } from '../layers/conv.js';
import { imageTaskName, resolveImageTask, scaled, type ImageTask } from './image-task.js';
import { convolutionSpecs, flattenChannelsFirst, linearSpecs } from '../layers/layers.js';
import { defineArchitecture, type Network } from '../layers/network.js';

/**
 * VanillaCNN, the paper's plain convolutional classifier: five 3×3 convolutions with padding 1, then one linear layer.
 *
 * Below 48 pixels 8, 8, 32, 64, 64 channels with strides 2, 1, 2, 1, 2; from 48 on 8, 16, 32, 64, 64 with stride 2 throughout.
 * Leaky ReLU 0.01 after every layer but the last. Logits are `[batch, classes]`.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the task is out of range
 * @see the authors' VanillaCNN for CIFAR-10 and Tiny-ImageNet, sizes in `golden/data/manifest.json`
 * @example
 * ```ts
 * import { vanillaCnn } from '@netspace/zoo';
 *
 * console.log(vanillaCnn({ width: 0.25 }).name); // vanilla-cnn-3x32x32-10-w0.25
 * ```
 */
export const vanillaCnn = (task: ImageTask = {}): Architecture => defineArchitecture(vanillaCnnNetwork(task));

export function vanillaCnnNetwork(task: ImageTask): Network {
  const resolved = resolveImageTask('vanillaCnn', task);
  const { channels, size, classes, width } = resolved;
  const counts = (size < 48 ? [8, 8, 32, 64, 64] : [8, 16, 32, 64, 64]).map((count) => scaled(count, width));
  const strides = size < 48 ? [2, 1, 2, 1, 2] : [2, 2, 2, 2, 2];
  const finalSize = strides.reduce((side, stride) => convolvedSize(side, 3, stride, 1), size);
  return {
    name: `vanilla-cnn-${imageTaskName(resolved)}`,
    purpose: 'classifier',
    input: [size, size, channels],
    parameters: [
      ...counts.flatMap((count, i) =>
        convolutionSpecs(`layers.${i}`, counts[i - 1] ?? channels, count, 3, {
          from: i > 0 ? `layers.${i - 1}` : undefined,
          to: `layers.${i}`,
        }),
      ),
      ...linearSpecs('layers.5', counts.at(-1)! * finalSize ** 2, classes, { from: 'layers.4' }),
    ],
    forward(layers, x) {
      let image = x as tf.Tensor4D;
      strides.forEach((stride, i) => (image = layers.conv(`layers.${i}`, image, { stride, padding: 1, activation: 'leaky' })));
      return layers.linear('layers.5', flattenChannelsFirst(image));
    },
  };
}
