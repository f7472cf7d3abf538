// Run by a test, in a process of its own: uses threads, says what came out, and must then end by itself.
import { enableWasmThreads } from '@netspace/node';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';

const { threads } = await enableWasmThreads({ threads: 2 });
await tf.setBackend('wasm');
const x = tf.ones([1, 32, 32, 16]) as tf.Tensor4D;
const filter = tf.ones([3, 3, 16, 16]) as tf.Tensor4D;
const sum = await tf.sum(tf.conv2d(x, filter, 1, 'valid')).data();
process.send?.({ threads, sum: sum[0], backend: tf.getBackend() });
process.disconnect();
