import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';

import { isInstalled } from '../is-installed.js';
import { mendSave } from './mend-save.js';
import { mendUtil } from './mend-util.js';

export type TfjsNodeKind = 'cpu' | 'gpu';

export const tfjsNodeName = (kind: TfjsNodeKind): string => (kind === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node');

/** A tfjs-node package on disk. */
export interface TfjsNodePackage {
  readonly directory: string;
  /** Whether its native addon is there. npm keeps the package even if its download failed. */
  readonly hasAddon: boolean;
}

/** Finds a tfjs-node package as code in a folder would find it, with any package manager. */
export function findTfjsNode(kind: TfjsNodeKind, folder: string): TfjsNodePackage | undefined {
  try {
    const directory = dirname(createRequire(join(folder, 'noop.js')).resolve(`${tfjsNodeName(kind)}/package.json`));
    const lib = join(directory, 'lib');
    const hasAddon = existsSync(lib) && readdirSync(lib).some((api) => existsSync(join(lib, api, 'tfjs_binding.node')));
    return { directory, hasAddon };
  } catch {
    return undefined;
  }
}

/** The description that the loaded addon gives. */
export interface TfjsNodeFacts {
  /** TensorFlow's version, such as `2.21.0`. */
  readonly version: string;
  readonly usesGpu: boolean;
}

/** The place at which our stub packages in the cache find the caller's own TensorFlow.js; see `provision/tfjs-node-package.ts`. */
const SHARED_TFJS = Symbol.for('netspace.tfjs');

/**
 * Loads a tfjs-node package, which makes its `tensorflow` backend the current one of our TensorFlow.js; throws the package's own errors.
 */
export function loadTfjsNode(directory: string): TfjsNodeFacts {
  const require = createRequire(import.meta.url);
  const core = require('@tensorflow/tfjs-core') as object;
  const tfjs: unknown = isInstalled('@tensorflow/tfjs') ? require('@tensorflow/tfjs') : tfjsOf(core);
  Object.defineProperty(globalThis, SHARED_TFJS, {
    value: {
      '@tensorflow/tfjs': tfjs,
      '@tensorflow/tfjs-core': core,
    },
    configurable: true,
  });
  mendUtil();
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'; // otherwise TensorFlow writes messages to stderr
  require(directory);
  const backend: unknown = tf.backend();
  if (tf.getBackend() !== 'tensorflow' || !isNodeBackend(backend)) {
    throw new Error(`${directory} loaded, but uses another copy of @tensorflow/tfjs-core`);
  }
  mendSave();
  return { version: backend.binding.TF_Version, usesGpu: backend.isUsingGpuDevice };
}

/**
 * What tfjs-node takes of `@tensorflow/tfjs` where that is not installed: the core, and the names by which tfjs-node adds to `model.fit`.
 */
const tfjsOf = (core: object): object => ({
  ...core,
  version: { 'tfjs-core': tf.version_core },
  CustomCallback: Object,
  registerCallbackConstructor: () => undefined,
});

interface NodeBackend {
  readonly binding: { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
}

const isNodeBackend = (value: unknown): value is NodeBackend =>
  typeof value === 'object' && value !== null && 'binding' in value && 'isUsingGpuDevice' in value;
