export { isAnnealed, learningRateOption, usedRate, withLength } from './optimize/learning-rate.js';
