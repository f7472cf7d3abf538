import { registerGradient } from '@tensorflow/tfjs-core';

import { avgPool3DGradient, avgPoolGradient } from './average-pool.js';
import { maxPool3DGradient } from './max-pool3d.js';
import { resizeBilinearGradient, resizeNearestNeighborGradient } from './resize.js';

/** Registers gradients in place of those of TensorFlow.js that give wrong numbers on some backend. */
export function mendGradients(): void {
  const mended = [avgPoolGradient, avgPool3DGradient, maxPool3DGradient, resizeBilinearGradient, resizeNearestNeighborGradient];
  for (const gradient of mended) registerGradient(gradient);
}
