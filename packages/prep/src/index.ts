export type { Architecture, Instance, ParameterSpec, PRepShape } from './architecture.js';
export { parameterCount, tensorShape } from './architecture.js';
export { isNetSpaceError, NetSpaceError, type NetSpaceErrorCode } from './errors.js';
