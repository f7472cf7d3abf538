import { NetSpaceError, type ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

import type { Layer } from './graph.js';

/** A layer's variable and how a PRep holds it. */
export interface VariableLayout {
  readonly variable: LayerVariable;
  /** The last part of the parameter's name, PyTorch's where it has the layer: `weight`, `bias`. */
  readonly role: string;
  /** Of the tensor that `apply` takes; a depthwise kernel's is `[h, w, 1, channels]`, otherwise the variable's own. */
  readonly shape: readonly number[];
  /** Whether it is a kernel `[…, in, out]`, which PyTorch holds as `[out, in, …]`. */
  readonly kernel: boolean;
}

/**
 * The variables of a layer in their order.
 *
 * @throws NetSpaceError `UNSUPPORTED` if one is not of floating point or the layer keeps state between calls
 */
export function variableLayouts(caller: string, layer: Layer): VariableLayout[] {
  if (layer.stateful) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `${caller}: expected layers without state between calls, got stateful ${layer.name}; build it with stateful: false`,
    );
  }
  const roles = new Map<string, number>();
  return layer.weights.map((variable) => {
    if (variable.dtype !== 'float32') {
      throw new NetSpaceError(
        'UNSUPPORTED',
        `${caller}: expected float32 variables, got ${variable.dtype} ${variable.originalName} of ${layer.name}; remove the layer`,
      );
    }
    const own = variable.originalName.split('/').at(-1)!;
    const kernel = KERNEL_LAYERS.has(layer.getClassName()) && own.endsWith('kernel');
    const role = uniqueRole(roleOf(own, layer.getClassName()), roles);
    return { variable, role, kernel, shape: shapeOf(variable, own) };
  });
}

/** The spec of a parameter of a variable's layout. */
export function specOf(name: string, { shape, kernel }: Pick<VariableLayout, 'shape' | 'kernel'>): ParameterSpec {
  if (!kernel) return { name, shape };
  const spatial = shape.slice(0, -2);
  return { name, shape: [shape.at(-1)!, shape.at(-2)!, ...spatial], tensorAxes: [...spatial.map((_, i) => i + 2), 1, 0] };
}

/** What a layer's variable holds, in the shape that `apply` takes. */
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

const roleOf = (own: string, className: string): string => (className.startsWith('Separable') ? SEPARABLE_ROLES : ROLES)[own] ?? own;

/** Tensors `[h, w, C, m]` and `[h, w, 1, C · m]` hold the same numbers in the same order; PyTorch has the latter. */
function shapeOf({ shape }: LayerVariable, role: string): number[] {
  const sizes = shape.map((size) => size ?? 0);
  if (role !== 'depthwise_kernel') return sizes;
  const [height = 0, width = 0, channels = 0, multiplier = 0] = sizes;
  return [height, width, 1, channels * multiplier];
}

/** Wrappers such as Bidirectional have several variables of one name. */
function uniqueRole(role: string, seen: Map<string, number>): string {
  const count = (seen.get(role) ?? 0) + 1;
  seen.set(role, count);
  return count === 1 ? role : `${role}_${count}`;
}
