export { evenlySpread } from './datasets/evenly-spread.js';
export { normalStream, randomPermutation, randomStream } from './datasets/random.js';
export { isInstanceName } from './store/instance-record.js';
export { LOG_LIMITS } from './store/log/log-limits.js';
export { MANIFEST_LIMITS } from './store/store-manifest.js';
export { matches } from './measure/accuracy.js';
export { sha256 } from './store/sha256.js';
export { batchesOf, evaluationOptions, logitsOf, seenLabels } from './measure/predict-classes.js';
