import type * as tf from '@tensorflow/tfjs-core';

/** An axis along which PyTorch flattens images channel by channel, and TensorFlow pixel by pixel. */
export interface FlattenedAxis {
  /** Of `shape`. */
  readonly axis: number;
  /** What lies one after the other along the axis: images as `[channels, pixels]`, and `[n, 1]` where both orders agree. */
  readonly parts: readonly (readonly [channels: number, pixels: number])[];
}

/** One parameter of an architecture: its name and shape as PyTorch has them, and how TensorFlow orders its axes. */
export interface ParameterSpec {
  /** PyTorch's name, such as `layers.0.0.conv1.weight`. */
  readonly name: string;
  /** Shape in PyTorch's order, which is the PRep's: convolutions `[out, in, h, w]`, linear layers `[out, in]`. */
  readonly shape: readonly number[];
  /**
   * The axes of `shape` in the order in which `apply` reads the tensor: `[2, 3, 1, 0]` for a convolution (OIHW → HWIO),
   * `[1, 0]` for a linear layer. Left out where both orders agree.
   */
  readonly tensorAxes?: readonly number[];
  /**
   * Axes of `shape` that run over flattened images, such as the inputs of a linear layer behind a convolution. `apply` reads them pixel by
   * pixel, the channel last; the PRep holds them channel by channel. Left out where both orders agree, or where `apply` itself flattens as
   * PyTorch does.
   */
  readonly flattened?: readonly FlattenedAxis[];
  /**
   * Which hidden channels each axis of `shape` runs over, by name; `undefined` for pixels, inputs and outputs. Channels of one name keep
   * their order in common: permute them all and the network does the same. An axis of a linear layer behind an image runs over channels
   * times pixels, channel by channel.
   */
  readonly channels?: readonly (string | undefined)[];
}

/** A layer into which a batch norm was folded, and what the two were called in the network as PyTorch trains it. */
export interface FoldedBatchNorm {
  /** The folded layer's weight, the name of a {@link ParameterSpec}. */
  readonly weight: string;
  /** The folded layer's bias, the name of a {@link ParameterSpec}. */
  readonly bias: string;
  /** The layer before folding, such as `layer1.0.conv1`. */
  readonly convolution: string;
  /** The norm behind it, such as `layer1.0.bn1`. */
  readonly norm: string;
}

/**
 * What a network is for, which says what its `apply` gives: `classifier` logits `[batch, classes]` of images, `sdf` signed distances
 * `[batch, 1]` of points `[batch, 3]`, `other` anything else.
 */
export type Purpose = 'classifier' | 'sdf' | 'other';

/** The structure of a network: data plus one function, differentiable in the parameters and in `x`. */
export interface Architecture<Name extends string = string> {
  /** Says everything that shapes the parameters, e.g. `resnet8-3x32x32-10`: two architectures of one name are the same. */
  readonly name: Name;
  /**
   * What its networks are for; nothing is concluded from the name.
   *
   * @default 'other'
   */
  readonly purpose?: Purpose;
  /** In PRep order. */
  readonly parameters: readonly ParameterSpec[];
  /** Layers that PyTorch trains with a batch norm; readers fold it where a file still has it. */
  readonly batchNorms?: readonly FoldedBatchNorm[];
  /**
   * Runs the network.
   *
   * @param parameters one tensor per spec, axes in TensorFlow's order (`tensorShape(spec)`)
   * @param x a batch of inputs; images are `[batch, height, width, channels]`, points `[batch, 3]`
   * @returns logits `[batch, classes]`, or values `[batch, 1]`
   */
  apply(parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor;
  /**
   * Runs K networks of this architecture on one batch at once; optional, equal to K calls of `apply`.
   *
   * @param parameters one tensor per spec with a leading axis K, `[K, ...tensorShape(spec)]`
   * @param x the batch that all K networks see
   * @returns `[K, batch, classes]`
   */
  applyMany?(parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor;
}

/** An architecture with parameter values. */
export interface Instance<Name extends string = string> {
  readonly architecture: Architecture<Name>;
  /** One tensor per spec, axes in TensorFlow's order. */
  readonly parameters: readonly tf.Tensor[];
}

/** Height and width of a PRep. */
export type PRepShape = readonly [height: number, width: number];

/** Shape of the tensor that `apply` reads for a spec, in TensorFlow's axis order. */
export const tensorShape = ({ shape, tensorAxes }: ParameterSpec): number[] =>
  tensorAxes === undefined ? [...shape] : tensorAxes.map((axis) => shape[axis] ?? 0);

/** How many numbers a spec, or a list of specs, holds. */
export const parameterCount = (specs: readonly ParameterSpec[]): number =>
  specs.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
