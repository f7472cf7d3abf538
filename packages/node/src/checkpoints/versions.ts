import { createRequire } from 'node:module';

import * as tf from '@tensorflow/tfjs-core';

/** The version of this package. */
export function packageVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('@netspace/node/package.json');
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}

/** Versions of all that shapes a run's bits: this package, tfjs, Node, the runtime in use. */
export const currentVersions = (): Record<string, string> => ({
  netspace: packageVersion(),
  tfjs: tf.version_core,
  node: process.versions.node,
  runtime: tf.getBackend(),
  platform: `${process.platform}-${process.arch}`,
});
