// TensorFlow.js's layers, which nobody downloads who brings no model of theirs and opens no space of them.
export { initializers, layers, loadLayersModel, models } from '@tensorflow/tfjs-layers';
