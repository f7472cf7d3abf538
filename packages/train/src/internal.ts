export { shuffledBatches } from './batches/batches.js';
export { randomAt } from './batches/random.js';
export { currentVersions, packageVersion } from './checkpoint/versions.js';
export { parseConfig } from './recipes/parse-config.js';
export { scheduleSchema } from './recipes/zoo-recipe.js';
