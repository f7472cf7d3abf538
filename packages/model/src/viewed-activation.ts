import * as tf from '@tensorflow/tfjs-core';

import { leakyRelu, LEAKY_SLOPE } from './leaky-relu.js';
import { throughSteps } from './steps.js';

/** Channels, height and width as which a convolution's output is viewed. */
export type View = readonly [channels: number, height: number, width: number];

export interface ViewedActivationOptions {
  /** `[C', H', W']`, C' · H' · W' = C · h · w. */
  readonly view: View;
  /** Whether the channels of `z` and the bias come in the order of {@link blockChannels}. */
  readonly inBlocks: boolean;
  /** Gradients of later layers, which nobody reads once this one's are computed; gets this one's. */
  readonly spent?: tf.Tensor[];
}

/**
 * What stands between two convolutions of the decoder: bias, leaky ReLU, PyTorch's `view` (the contiguous channels-first data
 * re-read in another shape) and a border of zeros for the next convolution.
 *
 * One operation, so that a single tensor is kept for the backward pass, the output, which the next convolution keeps anyway;
 * each of its steps would keep one, and leave a gradient of that size until the end. First derivatives only.
 *
 * @param z output of a convolution without bias, `[B, h, w, C]`
 * @param bias `[C]`
 * @returns `[B, H' + 2, W' + 2, C']`
 */
export function viewedActivation(z: tf.Tensor4D, bias: tf.Tensor1D, { view, inBlocks, spent }: ViewedActivationOptions): tf.Tensor4D {
  const { shape } = z;
  const activate = tf.customGrad((...inputs) => {
    const [input, shift, save] = inputs as [tf.Tensor4D, tf.Tensor1D, tf.GradSaveFunc];
    const steps = [(x: tf.Tensor) => tf.add(x, shift), ...viewSteps(shape, view, inBlocks), (x: tf.Tensor) => tf.pad(x, BORDER), leakyRelu];
    const value = throughSteps(input, steps);
    save([value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      tf.dispose(spent?.splice(0));
      const gradients = backward(dy, saved[0]!, { shape, view, inBlocks });
      if (spent !== undefined) {
        dy.dispose(); // the next convolution made it for this operation alone
        spent.push(gradients[0]!);
      }
      return gradients;
    };
    return { value, gradFunc };
  });
  return activate(z, bias) as tf.Tensor4D;
}

/** Padding of 1 around the places of `[B, H, W, C]`. */
export const BORDER: [number, number][] = [[0, 0], [1, 1], [1, 1], [0, 0]]; // prettier-ignore

interface Shapes extends Pick<ViewedActivationOptions, 'view' | 'inBlocks'> {
  readonly shape: tf.Tensor4D['shape'];
}

function backward(dy: tf.Tensor, output: tf.Tensor, { shape, view, inBlocks }: Shapes): tf.Tensor[] {
  const [channels, height, width] = view;
  const [toPlanes, toPixels] = undoViewSteps(shape, view, inBlocks);
  const planes = throughSteps(output, [
    (x) => tf.mul(x, 1e38), // the output's sign is the input's; see `leakySlope`
    (x) => tf.clipByValue(x, LEAKY_SLOPE, 1),
    (x) => tf.mul(x, dy),
    (x) => tf.slice(x, [0, 1, 1, 0], [-1, height, width, channels]),
    toPlanes,
  ]);
  const ofBias = tf.tidy(() => tf.reshape(tf.sum(planes, [0, 2]), [shape[3]]));
  const ofZ = throughSteps(planes, [toPixels]);
  planes.dispose();
  return [ofZ, ofBias];
}

/**
 * The order of a convolution's output channels in which its view costs one transpose of long runs: with C = C' · K channels viewed
 * as C', those of one κ = 0..K−1 together, instead of those of one view channel. Permutes weights, which are small.
 *
 * @param x the last axis in the authors' order, `[..., C' · K]`
 * @returns the same in blocks, `[..., K · C']`
 */
export function blockChannels(x: tf.Tensor, viewChannels: number): tf.Tensor {
  const swapped = tf.transpose(tf.reshape(x, [-1, viewChannels, x.shape.at(-1)! / viewChannels]), [0, 2, 1]);
  return tf.reshape(swapped, x.shape);
}

type Step = (x: tf.Tensor) => tf.Tensor;

/** `[B, h, w, C]` → `[B, H', W', C']` */
function viewSteps([batch, h, w, c]: tf.Tensor4D['shape'], [channels, height, width]: View, inBlocks: boolean): Step[] {
  const blocks: Step[] = [(x) => tf.transpose(tf.reshape(x, [batch, h * w, c / channels, channels]), [0, 2, 1, 3])]; // [B, K, h·w, C']
  const planes: Step[] = [
    (x) => tf.transpose(tf.reshape(x, [batch, h * w, c]), [0, 2, 1]), // [B, C, h·w]
    (x) => tf.transpose(tf.reshape(x, [batch, channels, height * width]), [0, 2, 1]), // [B, H'·W', C']
  ];
  return [...(inBlocks ? blocks : planes), (x) => tf.reshape(x, [batch, height, width, channels])];
}

/** `[B, H', W', C']` → planes (`[B, K, h·w, C']` in blocks, `[B, C, h·w]` else) → `[B, h, w, C]` */
function undoViewSteps(
  [batch, h, w, c]: tf.Tensor4D['shape'],
  [channels, height, width]: View,
  inBlocks: boolean,
): [toPlanes: Step, toPixels: Step] {
  if (inBlocks) {
    return [
      (x) => tf.reshape(x, [batch, c / channels, h * w, channels]),
      (x) => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, h, w, c]),
    ];
  }
  return [
    (x) => tf.reshape(tf.transpose(tf.reshape(x, [batch, height * width, channels]), [0, 2, 1]), [batch, c, h * w]),
    (x) => tf.reshape(tf.transpose(x, [0, 2, 1]), [batch, h, w, c]),
  ];
}
