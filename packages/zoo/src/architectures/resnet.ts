import { NetSpaceError, type Architecture } from '@netspace/prep';
import { refuseUnknown } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { addActivated } from '../layers/bias-activation.js';
import { checkInteger } from './check-option.js';
import { convolvedSize } from '../layers/conv.js';
import { IMAGE_TASK, imageTaskName, resolveImageTask, scaled, type ImageTask } from './image-task.js';
import { convolutionSpecs, flattenChannelsFirst, linearSpecs, type Layers } from '../layers/layers.js';
import { defineArchitecture, type Network, type UnfoldedNames } from '../layers/network.js';

export interface ResnetOptions extends ImageTask {
  /** Number of layers, 6n + 2: 8, 14, 20, 32, 56, … */
  readonly depth: number;
}

/**
 * ResNet of 6n + 2 layers as the paper has it, batch norm folded into the convolutions.
 *
 * 3×3 convolution; three stages of 16, 32, 64 channels with n blocks each, stages two and three at stride 2 with a 1×1
 * convolution on the identity; block = conv, leaky ReLU, conv, add the identity, leaky ReLU; average pooling 8×8 (or of the whole image if
 * it is smaller); linear. Leaky ReLU 0.01. Logits are `[batch, classes]`.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the depth is not 6n + 2 or the task is out of range
 * @see He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", arXiv:1512.03385, section 4.2
 * @example
 * ```ts
 * import { resnet } from '@netspace/zoo';
 *
 * console.log(resnet({ depth: 14, width: 0.5 }).name); // resnet14-3x32x32-10-w0.5
 * ```
 */
export const resnet = (options: ResnetOptions): Architecture => defineArchitecture(resnetNetwork(options));

/**
 * {@link resnet} of depth 8.
 *
 *
 * @example
 * ```ts
 * import { parameterCount } from '@netspace/prep';
 * import { resnet8 } from '@netspace/zoo';
 *
 * console.log(parameterCount(resnet8().parameters)); // 77706
 * ```
 */
export const resnet8 = (task: ImageTask = {}): Architecture => ofDepth('resnet8', 8, task);
/**
 * {@link resnet} of depth 32.
 *
 * @example
 * ```ts
 * import { resnet32 } from '@netspace/zoo';
 *
 * console.log(resnet32({ size: 64, classes: 200 }).name); // resnet32-3x64x64-200
 * ```
 */
export const resnet32 = (task: ImageTask = {}): Architecture => ofDepth('resnet32', 32, task);
/**
 * {@link resnet} of depth 56.
 *
 * @example
 * ```ts
 * import { resnet56 } from '@netspace/zoo';
 *
 * console.log(resnet56().name); // resnet56-3x32x32-10
 * ```
 */
export const resnet56 = (task: ImageTask = {}): Architecture => ofDepth('resnet56', 56, task);

/** A ResNet of fixed depth. */
function ofDepth(caller: string, depth: number, task: ImageTask): Architecture {
  refuseUnknown(caller, task, IMAGE_TASK);
  return resnet({ ...task, depth });
}

export function resnetNetwork(options: ResnetOptions): Network {
  const resolved = resolveImageTask('resnet', options, { more: ['depth'] });
  const { depth } = options;
  checkInteger('resnet', 'depth', depth, 8, 1202);
  if ((depth - 2) % 6 !== 0) {
    const lower = depth - ((depth - 2) % 6);
    throw new NetSpaceError(
      'INVALID_OPTION',
      `resnet: expected a depth of 6n + 2, got ${depth}; the nearest are ${lower} and ${lower + 6}`,
    );
  }
  const { channels, size, classes, width } = resolved;
  const blocks = blocksOf(depth, width);
  const finalSize = convolvedSize(convolvedSize(size, 3, 2, 1), 3, 2, 1);
  const pool = Math.min(8, finalSize);
  return {
    name: `resnet${depth}-${imageTaskName(resolved)}`,
    purpose: 'classifier',
    input: [size, size, channels],
    parameters: [
      ...convolutionSpecs('conv1', channels, scaled(16, width), 3, { to: 'layers.0' }),
      ...blocks.flatMap(({ name, inputs, outputs, downsample, from, to }) => [
        ...convolutionSpecs(`${name}.conv1`, inputs, outputs, 3, { from, to: name }),
        ...convolutionSpecs(`${name}.conv2`, outputs, outputs, 3, { from: name, to }),
        ...(downsample ? convolutionSpecs(`${name}.downsample`, inputs, outputs, 1, { from, to }) : []),
      ]),
      ...linearSpecs('fc', scaled(64, width) * Math.floor(finalSize / pool) ** 2, classes, { from: 'layers.2' }),
    ],
    forward(layers, x) {
      let image = layers.conv('conv1', x as tf.Tensor4D, { padding: 1, activation: 'leaky' });
      for (const block of blocks) image = runBlock(layers, block, image);
      return layers.linear('fc', flattenChannelsFirst(tf.avgPool(image, pool, pool, 'valid')));
    },
    unfolded,
  };
}

interface Block {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** First of stages two and three: stride 2, and a 1×1 convolution on the identity. */
  readonly downsample: boolean;
  /** The stages whose channels it reads and writes. The identities tie all blocks of a stage to one order of channels. */
  readonly from: string;
  readonly to: string;
}

const blocksOf = (depth: number, width: number): Block[] =>
  [16, 32, 64].flatMap((count, stage) =>
    Array.from({ length: (depth - 2) / 6 }, (_, i) => {
      const downsample = stage > 0 && i === 0;
      return {
        name: `layers.${stage}.${i}`,
        inputs: scaled(downsample ? count / 2 : count, width),
        outputs: scaled(count, width),
        downsample,
        from: `layers.${downsample ? stage - 1 : stage}`,
        to: `layers.${stage}`,
      };
    }),
  );

/** `layers.1.0.conv2` was `layer2.0.conv2` and `layer2.0.bn2`; `layers.1.0.downsample` was `layer2.0.downsample.0` and `.1`. */
function unfolded(name: string): UnfoldedNames {
  const convolution = name.replace(/^layers\.(\d)/, (_, stage) => `layer${Number(stage) + 1}`);
  return convolution.endsWith('downsample')
    ? { convolution: `${convolution}.0`, norm: `${convolution}.1` }
    : { convolution, norm: convolution.replace(/conv(\d)$/, 'bn$1') };
}

function runBlock(layers: Layers, { name, downsample }: Block, x: tf.Tensor4D): tf.Tensor4D {
  const stride = downsample ? 2 : 1;
  return layers.block(() => {
    const identity = downsample ? layers.conv(`${name}.downsample`, x, { stride }) : x;
    const hidden = layers.conv(`${name}.conv1`, x, { stride, padding: 1, activation: 'leaky' });
    return addActivated(layers.conv(`${name}.conv2`, hidden, { padding: 1 }), identity);
  });
}
