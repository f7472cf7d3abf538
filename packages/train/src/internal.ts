export { shuffledBatches } from './batches/batches.js';
export { randomAt } from './batches/random.js';
export { currentVersions, packageVersion } from './checkpoint/versions.js';
export { shapeRecipeOptions } from './recipes/shape-recipe.js';
export { zooRecipeOptions } from './recipes/zoo-recipe.js';
export { labelsTask, targetsTask, teacherTask } from './tasks/classification-task.js';
export { sdfTaskOptions } from './tasks/sdf-task.js';
export { weightsTaskOptions } from './tasks/weights-task.js';
export { trainNetSpaceOptions } from './train-net-space-options.js';
