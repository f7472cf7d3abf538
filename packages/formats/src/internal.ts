export { checkFinite } from './finite.js';
export { encodeFloat16 } from './half.js';
