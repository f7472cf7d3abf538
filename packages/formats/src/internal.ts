export { checkFinite } from './finite.js';
