/**
 * Importing this module registers the gradients of TensorFlow.js's ops, which `@tensorflow/tfjs-core` does not have in Node. Otherwise they come
 * only with `@tensorflow/tfjs` and all that it brings, 250 MB. The built package holds the gradients alone; here the whole is at hand.
 */
import '@tensorflow/tfjs';
