export { describeOnRuntimes, type TestRuntime } from './runtimes.js';
export { expectClose, expectNoLeak } from './expectations.js';
export { finiteDifference } from './finite-difference.js';
export { goldenTensors, type GoldenTensor } from './golden-tensors.js';
export { type ConvolutionCase, convolutionCases } from './convolution-cases.js';
export { gradientsOf, type Input, type Outcome, outcomeOn, randomInput } from './outcome-on.js';
export { expectSameAsCpu } from './same-as-cpu.js';
export { forwardOps, highRankOps, type TrainingOp, trainingOps } from './training-ops.js';
