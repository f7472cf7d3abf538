import { enableRelaxedSimd } from '@netspace/node';
import '@tensorflow/tfjs'; // gradients, for what stands in for a lacking kernel
import * as tf from '@tensorflow/tfjs-core';

import { loadTfjsNode } from '../../packages/node/src/runtime/tensorflow/tfjs-node.js';
import { installedTfjsNodes } from '../../packages/node/src/runtime/tensorflow/tfjs-node-places.js';

export type KernelMap = ReadonlyMap<string, tf.KernelConfig>;

/** A backend's kernels as shipped, and ours; the shipped ones are kept as ours take their names. */
export interface BothKernels {
  readonly shipped: KernelMap;
  readonly ours: KernelMap;
}

const byName = (configs: readonly tf.KernelConfig[]): KernelMap => new Map(configs.map((config) => [config.kernelName, config]));

export async function startWasm(): Promise<BothKernels> {
  enableRelaxedSimd();
  await import('@tensorflow/tfjs-backend-wasm');
  const shipped = byName(tf.getKernelsForBackend('wasm'));
  const { wasmKernels } = await import('@netspace/kernels/wasm');
  await tf.setBackend('wasm');
  return { shipped, ours: byName(wasmKernels) };
}

export async function startTensorflow(): Promise<BothKernels> {
  const found = installedTfjsNodes('cpu').find(({ hasAddon }) => hasAddon);
  if (!found) throw new Error('bench/kernels: no tensorflow runtime here; npx netspace runtime install');
  loadTfjsNode(found.directory);
  const shipped = byName(tf.getKernelsForBackend('tensorflow'));
  const { tensorflowKernels } = await import('@netspace/kernels/tensorflow');
  return { shipped, ours: byName(tensorflowKernels) };
}
