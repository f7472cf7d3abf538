import { registerGradient } from '@tensorflow/tfjs-core';

import { avgPool3DGradient, avgPoolGradient } from './average-pool.js';
import { maxPool3DGradient } from './max-pool3d.js';
import { resizeBilinearGradient, resizeNearestNeighborGradient } from './resize.js';

/**
 * Registers gradients in place of those of TensorFlow.js 4.22 that give wrong numbers, without a word, on some backend: of average pooling with
 * padding (cpu, webgl, webgpu), of maxima in three dimensions (cpu, wasm), of resizing to the nearest neighbor (cpu) or bilinearly (cpu, webgl).
 *
 * `@netspace/kernels/wasm`, `/webgpu`, `/tensorflow` and `/gradients` call it. Call it yourself where you train on `cpu` or `webgl` in a browser,
 * after TensorFlow.js is imported, which registers its own.
 *
 * @example
 * ```ts
 * import { mendGradients } from '@netspace/kernels';
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * mendGradients();
 * await tf.setBackend('cpu');
 * const gradient = tf.grad((x) => tf.sum(tf.avgPool(x as tf.Tensor4D, 2, 2, 'same')))(tf.ones([1, 3, 3, 1]));
 * console.log(gradient.dataSync().join(' ')); // 0.25 0.25 0.5 0.25 0.25 0.5 0.5 0.5 1
 * ```
 */
export function mendGradients(): void {
  const mended = [avgPoolGradient, avgPool3DGradient, maxPool3DGradient, resizeBilinearGradient, resizeNearestNeighborGradient];
  for (const gradient of mended) registerGradient(gradient);
}
