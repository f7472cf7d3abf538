export { selectRuntime, type RejectedRuntime, type SelectedRuntime, type SelectRuntimeOptions } from './select-runtime.js';
export { RUNTIME_NAMES, type RuntimeFacts, type RuntimeName, type RuntimeProblem, type RuntimeReport } from './runtime.js';
