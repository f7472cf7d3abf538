export { encodeFloat16 } from './half.js';
