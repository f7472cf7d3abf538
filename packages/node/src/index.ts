export { adam, type AdamOptions } from './train/adam.js';
export type { Optimizer, TensorsByName } from './train/optimizer.js';
export { constantSchedule, exponentialSchedule, scheduleFrom, stepSchedule, type Schedule, type ScheduleConfig } from './train/schedule.js';
export { sgd, type SgdOptions } from './train/sgd.js';
export { loadCifar10, type LoadCifar10Options } from './datasets/load-cifar10.js';
export { loadMnist, type LoadMnistOptions } from './datasets/load-mnist.js';
