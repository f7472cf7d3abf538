export { configOptions } from './config.js';
export { checkHasUnits, directionsCount } from './decoder/directions.js';
export { FILE_HANDLER } from './files/io-handler.js';
export { readTopology } from './files/topology.js';
export { MODEL_JSON_LIMITS, parseModelJson } from './files/model-json.js';
export { isAnnealed, learningRateOption, usedRate, withLength } from './optimize/learning-rate.js';
export { ADAM_CONSTANTS, adamRule } from './optimize/adam.js';
export { rateOrFunction, type RowNumber, type UpdateRule } from './optimize/optimizer.js';
export { sgdRule } from './optimize/sgd.js';
