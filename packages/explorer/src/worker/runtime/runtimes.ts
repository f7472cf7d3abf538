import { mendGradients } from '@netspace/kernels';
import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { RuntimeName } from '../messages/protocol.js';

/** In order of speed on most machines. */
export const RUNTIMES: readonly RuntimeName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

interface Gpu {
  requestAdapter(): Promise<{ readonly isFallbackAdapter?: boolean; readonly info?: { readonly isFallbackAdapter?: boolean } } | null>;
}

/**
 * Why a runtime cannot be here, or would only imitate a graphics card on the processor, which is slower than wasm. Looks before anything is
 * downloaded; undefined if nothing speaks against it.
 */
export async function problemOf(runtime: RuntimeName): Promise<string | undefined> {
  if (runtime === 'webgpu') {
    const { gpu } = navigator as { readonly gpu?: Gpu };
    if (gpu === undefined) return 'this browser has no WebGPU here';
    const adapter = await gpu.requestAdapter().catch(() => null);
    if (adapter === null) return 'WebGPU finds no graphics card';
    if (adapter.isFallbackAdapter === true || adapter.info?.isFallbackAdapter === true) return 'WebGPU is emulated on the processor';
  }
  if (runtime === 'webgl') {
    if (typeof OffscreenCanvas === 'undefined') return 'this browser has no WebGL in workers';
    const context = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (context === null) return 'this browser has no WebGL 2 here';
    const info = context.getExtension('WEBGL_debug_renderer_info');
    const name = String(context.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
    context.getExtension('WEBGL_lose_context')?.loseContext();
    if (/swiftshader|llvmpipe|software|basic render/i.test(name)) return 'WebGL is emulated on the processor';
  }
  return undefined;
}

/**
 * Starts a runtime, which is downloaded when first used, and makes it the one that computes.
 *
 * @throws NetSpaceError `UNAVAILABLE` if it does not start here
 */
export async function startRuntime(runtime: RuntimeName): Promise<void> {
  try {
    await register[runtime]();
    mendGradients();
    if (await tf.setBackend(runtime)) {
      await tf.ready();
      return;
    }
  } catch (cause) {
    throw unavailable(runtime, cause);
  }
  throw unavailable(runtime, 'it does not start');
}

const register: Readonly<Record<RuntimeName, () => Promise<unknown>>> = {
  webgpu: () => import('./webgpu.js'),
  webgl: () => import('./webgl.js'),
  wasm: async () => (await import('./wasm.js')).register(),
  cpu: () => import('./cpu.js'),
};

const unavailable = (runtime: RuntimeName, cause: unknown): NetSpaceError =>
  new NetSpaceError(
    'UNAVAILABLE',
    `open: expected the runtime ${runtime} to start, got: ${cause instanceof Error ? cause.message : String(cause)}; choose another, or fastest`,
    { cause },
  );
