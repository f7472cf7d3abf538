import type * as tf from '@tensorflow/tfjs-core';

/** An axis along which PyTorch flattens images channel by channel, and TensorFlow pixel by pixel. */
export interface FlattenedAxis {
  /** Index of the axis in the parameter's `shape`. */
  readonly axis: number;
  /** The pieces of the axis in order: `[channels, pixels]` for a flattened image, `[n, 1]` for n numbers that both orders place alike. */
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
   * Axes of `shape` that run over flattened images, such as the inputs of a linear layer behind a convolution. `apply` reads them pixel by
   * pixel, the channel last; the PRep holds them channel by channel. An `apply` that flattens as PyTorch does needs none.
   *
   * @default []
   */
  readonly flattened?: readonly FlattenedAxis[];
  /**
   * The group of hidden channels that each axis of `shape` runs over, by name; `undefined` for pixels, inputs and outputs. All axes of one
   * group share its order: the network does the same after its channels are permuted in all of them. An axis of a linear layer behind an
   * image runs over channels times pixels, channel by channel. {@link channelPermutation} uses it.
   *
   * @default []
   */
  readonly channels?: readonly (string | undefined)[];
}

/**
 * A layer into which a batch norm was folded, and what the two were called in the network as PyTorch trains it; or a batch norm by itself, of
 * which a weight and a bias per channel are left.
 */
export interface FoldedBatchNorm {
  /** The weight of the folded layer, or the norm's own: the name of a {@link ParameterSpec}. */
  readonly weight: string;
  /** The bias of the folded layer, or the norm's own: the name of a {@link ParameterSpec}. */
  readonly bias: string;
  /** The layer before folding, such as `layer1.0.conv1`; left out for a norm by itself. */
  readonly convolution?: string;
  /** The norm behind it, such as `layer1.0.bn1`. */
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
 * The task of a network, which decides what its `apply` returns: `classifier` returns logits `[batch, classes]` of images, `sdf` signed
 * distances `[batch, 1]` of points `[batch, 3]`, `other` anything else.
 */
export type Purpose = 'classifier' | 'sdf' | 'other';

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
  /** Names everything that the parameters depend on, e.g. `resnet8-3x32x32-10`: two architectures of one name are the same. */
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
