import { createEngine } from './create-engine.js';
import type { Engine } from './engine.js';
import { spawnWorker } from './spawn-worker.js';
import url from '../worker/worker.ts?worker&url';

/** The engine of a page, in a worker of its own; nothing is downloaded but its script until a folder is opened. */
export const startEngine = (): Engine => createEngine(spawnWorker(new URL(url, import.meta.url).href, 'netspace-explorer'));
