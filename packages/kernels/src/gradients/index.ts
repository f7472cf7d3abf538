/**
 * Importing this module registers the gradients of TensorFlow.js's ops, which `@tensorflow/tfjs-core` does not have in Node. Otherwise they come
 * only with `@tensorflow/tfjs` and all that it brings, 250 MB. Those that TensorFlow.js gets wrong on some backend are replaced: of average
 * pooling with padding, and of resizing. The built package holds the gradients alone; here the whole is at hand.
 */
import '@tensorflow/tfjs';

import { mendGradients } from './mended/index.js';

mendGradients();
