export { checkInstance, equal } from './assert.js';
export { toTensorOrder, toTorchOrder } from './codec/axis-order.js';
export { usedRowsOf } from './codec/batch.js';
export { unstack } from './codec/unstack.js';
export { leakyReluGradient } from './leaky-relu-gradient.js';
