export { isAnnealed, withLength } from './optimize/schedule.js';
