export { describeOnRuntimes, type TestRuntime } from './runtimes.js';
export { expectClose, expectNoLeak } from './expectations.js';
export { finiteDifference } from './finite-difference.js';
export { goldenTensors, type GoldenTensor } from './golden-tensors.js';
