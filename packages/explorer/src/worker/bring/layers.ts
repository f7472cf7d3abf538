// TensorFlow.js's layers, which nobody downloads who brings no model of theirs.
export { loadLayersModel } from '@tensorflow/tfjs-layers';
