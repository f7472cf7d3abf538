import * as tf from '@tensorflow/tfjs-core';

import { maxPool3DStages, type Stage } from '../../max-pool3d-stages.js';

/**
 * The gradient of maxima over depth, height and width, by those of images, which every backend has right. That of cpu finds the wrong place if a
 * window is not as high as wide; that of wasm loses the gradient of negative values.
 */
export const maxPool3DGradient: tf.GradConfig = {
  kernelName: tf.MaxPool3D,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => ({
    x: () =>
      tf.tidy(() => {
        const x = saved[0]!;
        const { overPlanes, overDepth } = maxPool3DStages(x.shape, attrs as unknown as tf.MaxPool3DAttrs);
        const run = (kernel: string, inputs: Record<string, tf.Tensor>, stage: Stage): tf.Tensor =>
          tf.engine().runKernel(kernel, inputs, stage.attrs as unknown as tf.NamedAttrMap);
        const images = tf.reshape(x, [...overPlanes.shape]);
        const planes = run(tf.MaxPool, { x: images }, overPlanes);
        const columns = tf.reshape(planes, [...overDepth.shape]);
        const maxima = run(tf.MaxPool, { x: columns }, overDepth);
        const upstream = tf.reshape(dy as tf.Tensor, maxima.shape);
        const ofColumns = run(tf.MaxPoolGrad, { dy: upstream, input: columns, output: maxima }, overDepth);
        const ofImages = run(tf.MaxPoolGrad, { dy: tf.reshape(ofColumns, planes.shape), input: images, output: planes }, overPlanes);
        return tf.reshape(ofImages, x.shape);
      }),
  }),
};
