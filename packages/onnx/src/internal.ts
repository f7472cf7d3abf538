export { architectureFromGraphFile, graphFileOf } from './graph-file.js';
export { type NewNode, onnxModel } from './proto/write-model.js';
