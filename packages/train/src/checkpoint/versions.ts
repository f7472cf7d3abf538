import * as tf from '@tensorflow/tfjs-core';

import manifest from '../../package.json' with { type: 'json' };

/** The version of this package; all packages of NetSpace are released together. */
export const packageVersion = (): string => manifest.version;

/** Versions of everything that influences a run's bits: this package, tfjs, Node or the browser, the runtime in use and its precision. */
export const currentVersions = (): Record<string, string> => ({
  netspace: packageVersion(),
  tfjs: tf.version_core,
  runtime: tf.getBackend(),
  ...reducedPrecision(),
  ...host(),
});

/**
 * What large products multiply, if it is not float32. `setPrecision` of `@netspace/kernels`, which this package may not import, leaves word
 * of it in TensorFlow.js's environment.
 */
export function reducedPrecision(): { readonly precision?: string } {
  const { NETSPACE_PRECISION: precision } = tf.env().getFlags();
  const isReduced = typeof precision === 'string' && precision !== 'float32' && tf.getBackend() === 'tensorflow'; // no other has it
  return isReduced ? { precision } : {};
}

function host(): Record<string, string> {
  const { process: node, navigator: browser } = globalThis as { process?: NodeLike; navigator?: { readonly userAgent?: string } };
  if (node?.versions?.node !== undefined) return { node: node.versions.node, platform: `${node.platform}-${node.arch}` };
  return { browser: browser?.userAgent ?? 'unknown' };
}

interface NodeLike {
  readonly versions?: { readonly node?: string };
  readonly platform?: string;
  readonly arch?: string;
}
