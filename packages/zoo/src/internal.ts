export { evenlySpread } from './datasets/evenly-spread.js';
export { normalStream, randomPermutation, randomStream } from './datasets/random.js';
export { isInstanceName, MANIFEST_LIMITS } from './store/store-manifest.js';
export { matches } from './measure/accuracy.js';
export { sha256 } from './store/sha256.js';
export { batchesOf, logitsOf, seenLabels } from './measure/predict-classes.js';
