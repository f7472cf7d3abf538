import type * as tf from '@tensorflow/tfjs-core';

/** An axis along which PyTorch flattens images channel by channel, and TensorFlow pixel by pixel. */
export interface FlattenedAxis {
  /** Index of the axis in the parameter's `shape`. */
  readonly axis: number;
  /**
   * The pieces of the axis in order: `[channels, pixels]` for a flattened image, `[n, 1]` for n numbers with the same place in both orders.
   */
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
   * `[1, 0]` for a linear layer.
   *
   * @default the axes of `shape`, in their order
   */
  readonly tensorAxes?: readonly number[];
  /**
   * Axes of `shape` that run over flattened images, such as the inputs of a linear layer after a convolution. `apply` reads them pixel by
   * pixel, the channel last. The PRep holds them channel by channel. Leave this out if `apply` flattens as PyTorch does.
   *
   * @default []
   */
  readonly flattened?: readonly FlattenedAxis[];
  /**
   * The group of hidden channels that each axis of `shape` runs over, by name; `undefined` for pixels, inputs and outputs. All axes of one
   * group share its order: the network does the same after its channels are permuted in all of them. The axis of a name may run over channels
   * times pixels, channel by channel. One of several groups is written in {@link ChannelPiece}s. {@link channelPermutation} uses it, and
   * {@link permutationSpec} finds it.
   *
   * @default []
   */
  readonly channels?: readonly ChannelAxis[];
  /**
   * The group of units whose sign each axis of `shape` follows, by name; `undefined` for axes that follow none. The network does the same after
   * all numbers of a unit are negated along all axes of its group, as before and behind a sine or tanh.
   *
   * @default []
   */
  readonly signs?: readonly (string | undefined)[];
  /**
   * What can be added to any number of the parameter without changing what the network does: 2π / ω for a bias inside sin(ω …).
   *
   * @default none
   */
  readonly period?: number;
}

/** Numbers in a row along an axis, counted row-major by their factors: a group's channels where a name is given, others where none is. */
export type ChannelPiece = readonly { readonly size: number; readonly channels?: string }[];

/** What one axis of a parameter runs over: a group of channels, pieces one behind the other (`[[{ size: 4, channels: 'a' }], [{ size: 2 }]]`), or nothing hidden. */
export type ChannelAxis = string | readonly ChannelPiece[] | undefined;

/**
 * A layer into which a batch norm was folded, and the names that both have in the network as PyTorch trains it; or a batch norm by itself, of
 * which a weight and a bias per channel are left.
 */
export interface FoldedBatchNorm {
  /** The weight of the folded layer, or the norm's own: the name of a {@link ParameterSpec}. */
  readonly weight: string;
  /** The bias of the folded layer, or the norm's own: the name of a {@link ParameterSpec}. */
  readonly bias: string;
  /** The layer before folding, such as `layer1.0.conv1`; left out for a norm by itself. */
  readonly convolution?: string;
  /** The norm after it, such as `layer1.0.bn1`. */
  readonly norm: string;
  /**
   * What the norm adds to its variance; `unknown` if whoever folded it did not say.
   * @default 1e-5, PyTorch's
   */
  readonly epsilon?: number | 'unknown';
  /**
   * Whether the layer before folding has a bias of its own.
   * @default false
   */
  readonly hasBias?: boolean;
}

/**
 * The task of a network, which decides what its `apply` returns: `classifier` returns logits `[batch, classes]`, `regressor` numbers
 * `[batch, …]`, `sdf` signed distances `[batch, 1]` of points `[batch, 3]`, `occupancy` logits `[batch, 1]` of points, positive inside, `rgb`
 * colors `[batch, 3]` of coordinates, `other` anything else.
 */
export type Purpose = 'classifier' | 'regressor' | 'sdf' | 'occupancy' | 'rgb' | 'other';

/** All purposes. */
export const PURPOSES = ['classifier', 'regressor', 'sdf', 'occupancy', 'rgb', 'other'] as const satisfies readonly Purpose[];

/** One of several inputs or outputs of a network. */
export interface TensorSpec {
  readonly name: string;
  /** Its sizes; `null` for the batch and all others that may change. */
  readonly shape: readonly (number | null)[];
  readonly dtype: 'float32' | 'int32' | 'bool';
}

/** Tensors by name: what goes into a network of several inputs, or comes out of one of several outputs. */
export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** The structure of a network: data plus one function, differentiable in the parameters and in `x`. */
export interface Architecture<Name extends string = string> {
  /** States everything that the parameters depend on, e.g. `resnet8-3x32x32-10`. Two architectures with the same name are the same. */
  readonly name: Name;
  /**
   * The task of its networks. It is never guessed from the name.
   *
   * @default 'other'
   */
  readonly purpose?: Purpose;
  /** All parameters, in the order of the PRep. */
  readonly parameters: readonly ParameterSpec[];
  /**
   * Layers that PyTorch trains with a batch norm. Readers of files fold the batch norm into its layer.
   *
   * @default []
   */
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
   * What goes in, by name, where a network takes several inputs or gives several outputs.
   *
   * @default one input, as `apply` takes it
   */
  readonly inputs?: readonly TensorSpec[];
  /**
   * What comes out, by name. `apply` gives the first.
   *
   * @default one output, as `apply` gives it
   */
  readonly outputs?: readonly TensorSpec[];
  /**
   * Runs a network of several inputs or outputs. Every architecture that has `inputs` and `outputs` has it.
   *
   * @param parameters as `apply` takes them
   * @param inputs one tensor for each of `inputs`
   * @returns one tensor for each of `outputs`
   */
  applyNamed?(parameters: readonly tf.Tensor[], inputs: NamedTensors): NamedTensors;
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

/**
 * Shape of the tensor that `apply` reads for a parameter.
 *
 * @returns the sizes of `shape` in TensorFlow's axis order, `shape[tensorAxes[i]]`
 * @example
 * ```ts
 * import { tensorShape } from '@netspace/prep';
 *
 * console.log(tensorShape({ name: 'conv.weight', shape: [16, 3, 5, 5], tensorAxes: [2, 3, 1, 0] })); // [ 5, 5, 3, 16 ]
 * ```
 */
export const tensorShape = ({ shape, tensorAxes }: ParameterSpec): number[] =>
  tensorAxes === undefined ? [...shape] : tensorAxes.map((axis) => shape[axis] ?? 0);

/**
 * How many numbers a list of parameters holds.
 *
 * @returns the sum over the parameters of the product of each one's sizes; 0 for an empty list
 * @example
 * ```ts
 * import { parameterCount } from '@netspace/prep';
 *
 * console.log(parameterCount([{ name: 'weight', shape: [10, 5] }, { name: 'bias', shape: [10] }])); // 60
 * ```
 */
export const parameterCount = (specs: readonly ParameterSpec[]): number =>
  specs.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
