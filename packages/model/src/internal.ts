export { isAnnealed } from './optimize/schedule.js';
