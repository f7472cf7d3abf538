// Run by tests in a process of its own: builds a zoo in a folder, or trains a space there, and tells its parent how far it is.
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';

import { tinySpace, tinyZoo } from './tiny-runs.js';

const [kind = '', folder = ''] = process.argv.slice(2);
await tf.setBackend('cpu');
const tell = (done: number): void => void process.send?.(done);
process.once('message', () => {
  void (kind === 'zoo' ? tinyZoo(folder, { tell }) : tinySpace(folder, { tell })).then(() => process.disconnect());
});
process.send?.('ready');
