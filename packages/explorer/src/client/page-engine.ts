import { createEngine } from './create-engine.js';
import type { Engine } from './engine.js';
import { startWorker } from './start-worker.js';

/** The engine of a page, in a worker of its own; nothing is downloaded but its script until a folder is opened. */
export const startEngine = (): Engine => createEngine(startWorker());
