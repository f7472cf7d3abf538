export { describeOnRuntimes, type TestRuntime } from './runtimes.js';
export { expectClose, expectNoLeak } from './expectations.js';
export { finiteDifference } from './finite-difference.js';
export { goldenTensors, type GoldenTensor } from './golden-tensors.js';
export { type ConvolutionCase, convolutionCases } from './convolution-cases.js';
export { expectSameAsCpu, gradientsOf, type Input, randomInput } from './same-as-cpu.js';
export { forwardOps, type TrainingOp, trainingOps } from './training-ops.js';
