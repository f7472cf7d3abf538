/** Functions that `@netspace/node` needs to run the wasm backend with threads. This entry registers nothing and is no public API. */
export { type GemmEngine, gemmEngine, startGemmEngine } from './wasm/gemm/engine.js';
export { type StartMember, type TeamMember, teamWorkerSource } from './wasm/gemm/team.js';
