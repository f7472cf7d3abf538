import { env } from '@tensorflow/tfjs-core';

/** The numbers that large products and convolutions multiply. Sums, weights and all else stay float32. */
export type Precision = 'float32' | 'bfloat16';

/** A flag of TensorFlow.js's environment, which all copies of this module share. `@netspace/train` reads it by this name. */
const FLAG = 'NETSPACE_PRECISION';

/**
 * Sets what large products and convolutions of the `tensorflow` backend multiply, from now on. With `bfloat16` their inputs and their
 * results are rounded to 8 significant bits, and their sums are float32. This needs a processor with `avx512_bf16` or `amx_bf16`, the
 * kernels of `@netspace/kernels/tensorflow`, and no GPU, which `selectRuntime` of `@netspace/node` checks. It has no
 * effect on other backends.
 *
 * @example
 * ```ts
 * import { currentPrecision, setPrecision } from '@netspace/kernels';
 *
 * setPrecision('bfloat16');
 * console.log(currentPrecision()); // bfloat16
 * setPrecision('float32');
 * ```
 */
export function setPrecision(precision: Precision): void {
  env().registerFlag(FLAG, () => 'float32');
  env().set(FLAG, precision);
}

/**
 * What {@link setPrecision} has set; `float32` before.
 *
 * @example
 * ```ts
 * import { currentPrecision } from '@netspace/kernels';
 *
 * console.log(currentPrecision()); // float32
 * ```
 */
export const currentPrecision = (): Precision => (env().getFlags()[FLAG] === 'bfloat16' ? 'bfloat16' : 'float32');
