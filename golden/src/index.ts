export { findMiss, type Expectation, type Miss } from './expectation.js';
export { GROUP_NAMES, isGroupName, type GroupName } from './groups/index.js';
export { generate } from './procedural.js';
export { recogniseNetwork } from './recognise.js';
export { runGolden, type GoldenOptions, type GoldenResult, type GroupResult } from './run-golden.js';
