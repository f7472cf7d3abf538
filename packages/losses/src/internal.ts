export { eachCrossEntropy, summedCrossEntropy } from './cross-entropy.js';
export { distillationLossOptions, summedDistillation } from './distillation.js';
export { imitationOptions } from './imitation.js';
export { interpolatedSamples, interpolateSamples } from './interpolation/interpolated-samples.js';
export { knowledgeDistillationLossOptions } from './knowledge-distillation.js';
export { multiArchitectureLossOptions, termWeights } from './multi-architecture.js';
export { targetDistillationLossOptions } from './target-distillation.js';
export { canReadAtOnce, largestOfRows } from './networks/route.js';
export { eachSdfLoss } from './sdf.js';
