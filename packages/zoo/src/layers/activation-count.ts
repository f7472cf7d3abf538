import type { Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { convolvedSize } from './conv.js';
import type { Layers } from './layers.js';
import { networkOf } from './network.js';

/**
 * How many numbers go into a network and come out of its layers, for one input. Training keeps them until the gradient is known.
 *
 * They are counted on tensors of zeros of the layers' shapes, so the count depends on the architecture alone, not on the runtime.
 *
 * @returns undefined for an architecture whose layers are unknown, such as that of an ONNX file
 */
export function activationCount(architecture: Architecture): number | undefined {
  const known = counts.get(architecture);
  if (known !== undefined) return known;
  const network = networkOf(architecture);
  if (network === undefined) return undefined;
  const shapes = new Map(network.parameters.map(({ name, shape }) => [name, shape]));
  let count = 0;
  const given = <R extends tf.Rank>(shape: readonly number[]): tf.Tensor<R> => {
    count += tf.util.sizeFromShape([...shape]);
    return tf.zeros([...shape] as tf.ShapeMap[R]);
  };
  const layers: Layers = {
    conv(name, { shape: [, height, width] }, { stride = 1, padding = 0 } = {}) {
      const [outputs = 0, , rows = 0, columns = 0] = shapes.get(`${name}.weight`) ?? []; // OIHW
      return given([1, convolvedSize(height, rows, stride, padding), convolvedSize(width, columns, stride, padding), outputs]);
    },
    linear: (name) => given([1, shapes.get(`${name}.weight`)?.[0] ?? 0]),
    block: (run) => run(),
  };
  tf.tidy(() => void network.forward(layers, given([1, ...network.input])));
  counts.set(architecture, count);
  return count;
}

/** How many numbers a network takes for one input; undefined for an architecture whose layers are unknown. */
export function inputCount(architecture: Architecture): number | undefined {
  const network = networkOf(architecture);
  return network && tf.util.sizeFromShape([...network.input]);
}

const counts = new WeakMap<Architecture, number>();
