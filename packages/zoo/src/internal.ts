export { evenlySpread } from './datasets/evenly-spread.js';
export { normalStream, randomStream } from './datasets/random.js';
export { matches } from './measure/accuracy.js';
export { batchesOf, logitsOf, seenLabels } from './measure/predict-classes.js';
