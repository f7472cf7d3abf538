export { FILE_HANDLER } from './files/io-handler.js';
export { parseModelJson } from './files/model-json.js';
export { isAnnealed } from './optimize/schedule.js';
