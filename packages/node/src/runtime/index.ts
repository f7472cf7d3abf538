export { doctor } from './doctor.js';
export { recommendedEnvironment } from './recommended-environment.js';
export { RUNTIME_NAMES, type RuntimeFacts, type RuntimeName, type RuntimeProblem, type RuntimeReport } from './runtime.js';
export { selectRuntime, type RejectedRuntime, type SelectedRuntime, type SelectRuntimeOptions } from './select-runtime.js';
export { installNativeRuntime, type InstallNativeRuntimeOptions, type NativeRuntime } from './provision/install.js';
export type { InstallProgress, InstallStep } from './provision/progress.js';
export { removeNativeRuntime } from './provision/remove.js';
export { enableRelaxedSimd } from './wasm-threads/enable-relaxed-simd.js';
export { enableWasmThreads, type EnableWasmThreadsOptions } from './wasm-threads/enable-wasm-threads.js';
