export { doctor } from './doctor.js';
export { recommendedEnvironment } from './recommended-environment.js';
export { RUNTIME_NAMES, type RuntimeFacts, type RuntimeName, type RuntimeProblem, type RuntimeReport } from './runtime.js';
export { selectRuntime, type RejectedRuntime, type SelectedRuntime, type SelectRuntimeOptions } from './select-runtime.js';
