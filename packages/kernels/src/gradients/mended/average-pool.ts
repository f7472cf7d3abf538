import * as tf from '@tensorflow/tfjs-core';

import { pool3DInfo } from '../../pool3d-info.js';

type Sides = readonly [before: number, after: number];

/** What both poolings have. */
interface Pooling {
  readonly kernelName: string;
  readonly gradientKernel: string;
  /** Pixels beyond the edges, an axis of space each. */
  readonly padding: (shape: readonly number[], attrs: tf.NamedAttrMap) => readonly Sides[];
}

/**
 * The gradient of average pooling, dx = Σ_windows dy / n, n the pixels of the window that are not padding: of padding the kernels of cpu, webgl
 * and webgpu know nothing, and divide by the whole filter, though the pooling itself does not. Here the padding is laid around before, where
 * they have none to get wrong, and dy is raised where a window has padding.
 */
const averagePool = ({ kernelName, gradientKernel, padding }: Pooling): tf.GradConfig => ({
  kernelName,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const x = saved[0]!;
    const sides = padding(x.shape, attrs);
    const gradient = (upstream: tf.Tensor, input: tf.Tensor, pad: unknown): tf.Tensor =>
      tf.engine().runKernel(gradientKernel, { dy: upstream, input }, { ...attrs, pad } as unknown as tf.NamedAttrMap);
    if (sides.every(([before, after]) => before + after === 0)) return { x: () => gradient(dy as tf.Tensor, x, attrs['pad']) };
    return {
      x: () =>
        tf.tidy(() => {
          const paddings: [number, number][] = [[0, 0], ...sides.map(([before, after]): [number, number] => [before, after]), [0, 0]];
          const inside = tf.pad(tf.onesLike(x), paddings);
          const { filterSize, strides } = attrs;
          const share: tf.Tensor = tf
            .engine()
            .runKernel(kernelName, { x: inside }, { filterSize, strides, pad: 'valid' } as tf.NamedAttrMap);
          const whole = gradient(tf.div(dy as tf.Tensor, share), inside, 'valid');
          return tf.slice(whole, [0, ...sides.map(([before]) => before), 0], x.shape);
        }),
    };
  },
});

export const avgPoolGradient = averagePool({
  kernelName: tf.AvgPool,
  gradientKernel: tf.AvgPoolGrad,
  padding: (shape, attrs) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.AvgPoolAttrs;
    const { padInfo } = tf.backend_util.computePool2DInfo(
      shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    return [[padInfo.top, padInfo.bottom], [padInfo.left, padInfo.right]]; // prettier-ignore
  },
});

export const avgPool3DGradient = averagePool({
  kernelName: tf.AvgPool3D,
  gradientKernel: tf.AvgPool3DGrad,
  padding: (shape, attrs) => {
    const { padInfo } = pool3DInfo(shape, attrs as unknown as tf.AvgPool3DAttrs);
    return [[padInfo.front, padInfo.back], [padInfo.top, padInfo.bottom], [padInfo.left, padInfo.right]]; // prettier-ignore
  },
});
