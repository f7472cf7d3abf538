import * as tf from '@tensorflow/tfjs-core';

import manifest from '../../package.json' with { type: 'json' };

/** The version of this package; all packages of NetSpace are released together. */
export const packageVersion = (): string => manifest.version;

/** Versions of everything that influences a run's bits: this package, tfjs, Node or the browser, the runtime in use. */
export const currentVersions = (): Record<string, string> => ({
  netspace: packageVersion(),
  tfjs: tf.version_core,
  runtime: tf.getBackend(),
  ...host(),
});

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
