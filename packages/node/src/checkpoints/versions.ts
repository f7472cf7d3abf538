import * as tf from '@tensorflow/tfjs-core';

/** Versions of all that shapes a run's bits: tfjs, Node, the runtime in use. */
export const currentVersions = (): Record<string, string> => ({
  tfjs: tf.version_core,
  node: process.versions.node,
  runtime: tf.getBackend(),
  platform: `${process.platform}-${process.arch}`,
});
