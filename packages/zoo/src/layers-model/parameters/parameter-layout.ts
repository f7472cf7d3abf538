import type { FlattenedAxis, ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

import type { FeatureOrder } from './axis-orders.js';
import { isBuiltIn } from '../graph/built-in.js';
import type { Layer } from '../graph/graph.js';

/** A layer's variable and its layout in a PRep. */
export interface VariableLayout {
  readonly variable: LayerVariable;
  /** The last part of the parameter's name. It is PyTorch's if PyTorch has the layer: `weight`, `bias`. */
  readonly role: string;
  /** The shape of the tensor that `apply` takes: `[h, w, 1, channels]` for a depthwise kernel, otherwise that of the variable. */
  readonly shape: readonly number[];
  /** Whether it is a kernel `[…, in, out]`, which PyTorch holds as `[out, in, …]`. */
  readonly kernel: boolean;
}

/**
 * The layout of a layer's variables in a PRep.
 *
 * @param reader the layer whose kind decides the layout; in earlier versions this was the wrapper
 */
export function variableLayouts(variables: readonly LayerVariable[], reader: Layer): VariableLayout[] {
  const className = isBuiltIn(reader) ? reader.getClassName() : '';
  return variables.map((variable) => {
    const own = variable.originalName.split('/').at(-1)!;
    return {
      variable,
      role: (className.startsWith('Separable') ? SEPARABLE_ROLES : ROLES)[own] ?? own,
      kernel: KERNEL_LAYERS.has(className) && own.endsWith('kernel'),
      shape: shapeOf(variable, own),
    };
  });
}

/** The spec of a parameter of a variable's layout. */
export function specOf(
  name: string,
  { shape, kernel }: Pick<VariableLayout, 'shape' | 'kernel'>,
  { input, output }: FeatureOrder = {},
): ParameterSpec {
  if (!kernel) {
    const [size, ...more] = shape;
    return { name, shape, ...flattenedAxes(more.length === 0 && size === total(output) ? [[0, output]] : []) };
  }
  const spatial = shape.slice(0, -2);
  return {
    ...{ name, shape: [shape.at(-1)!, shape.at(-2)!, ...spatial], tensorAxes: [...spatial.map((_, i) => i + 2), 1, 0] },
    ...flattenedAxes(
      spatial.length === 0
        ? [
            [0, output],
            [1, input],
          ]
        : [],
    ),
  };
}

type Parts = FlattenedAxis['parts'] | undefined;

function flattenedAxes(axes: readonly (readonly [axis: number, parts: Parts])[]): Pick<ParameterSpec, 'flattened'> {
  const flattened = axes.flatMap(([axis, parts]) => (parts === undefined ? [] : [{ axis, parts }]));
  return flattened.length === 0 ? {} : { flattened };
}

const total = (parts: Parts): number | undefined => parts?.reduce((sum, [channels, pixels]) => sum + channels * pixels, 0);

/** The value of a layer's variable, in the shape that `apply` takes. */
export const valueOf = ({ variable, shape }: VariableLayout): tf.Tensor => tf.reshape(variable.read(), [...shape]);

/** Layers whose kernels PyTorch has too, output channel first; a transposed convolution's input channel. */
const KERNEL_LAYERS = new Set([
  ...['Dense', 'Conv1D', 'Conv2D', 'Conv3D', 'DepthwiseConv2D', 'SeparableConv2D', 'Conv2DTranspose', 'Conv3DTranspose'],
]);

const ROLES: Readonly<Record<string, string>> = {
  kernel: 'weight',
  depthwise_kernel: 'weight',
  embeddings: 'weight',
  gamma: 'weight',
  beta: 'bias',
};

/** PyTorch makes a separable convolution of two layers. */
const SEPARABLE_ROLES: Readonly<Record<string, string>> = {
  depthwise_kernel: 'depthwise.weight',
  pointwise_kernel: 'pointwise.weight',
  bias: 'pointwise.bias',
};

/** Tensors `[h, w, C, m]` and `[h, w, 1, C · m]` hold the same numbers in the same order; PyTorch has the latter. */
function shapeOf({ shape }: LayerVariable, role: string): number[] {
  const sizes = shape.map((size) => size ?? 0);
  if (role !== 'depthwise_kernel') return sizes;
  const [height = 0, width = 0, channels = 0, multiplier = 0] = sizes;
  return [height, width, 1, channels * multiplier];
}

/** Wrappers such as Bidirectional have several variables of one name. */
export function uniqueName(name: string, seen: Map<string, number>): string {
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  return count === 1 ? name : `${name}_${count}`;
}
