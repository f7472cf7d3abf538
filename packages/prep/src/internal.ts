export { checkInstance, equal } from './assert.js';
export { toTensorOrder, toTorchOrder } from './codec/axis-order.js';
export { usedRowsOf } from './codec/batch.js';
export { unstack } from './codec/unstack.js';
export { variableGrads } from './variable-grads.js';
export { nextTask } from './next-task.js';
export { parseJson } from './parse-json.js';
export { leakyReluGradient } from './leaky-relu-gradient.js';
export {
  abortSignal,
  anything,
  architecture,
  count,
  decay,
  flag,
  functionOf,
  instance,
  instances,
  nonNegative,
  numberOf,
  positive,
  prepShape,
  seed,
  share,
  text,
  thing,
  whole,
} from './option-kinds.js';
export {
  byKind,
  choose,
  translated,
  forbidden,
  type GivenBy,
  listOf,
  objectOf,
  type ObjectOption,
  oneOf,
  type Option,
  optional,
  parseOptions,
  refuseOptions,
  show,
  type UsedBy,
  valueOf,
  withDefault,
} from './options.js';
