import { createHash } from 'node:crypto';

import * as tf from '@tensorflow/tfjs-core';

/**
 * A short name for settings, the same for equal ones: ten hexadecimal digits of the SHA-256 of their JSON.
 *
 *
 * @example
 * ```ts
 * import { settingsHash } from '@netspace/node';
 *
 * console.log(settingsHash({ seeds: 4 }) === settingsHash({ seeds: 4 }), settingsHash({ seeds: 4 }).length); // true 10
 * ```
 */
export const settingsHash = (settings: unknown): string => createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 10);

/**
 * Settings as JSON: tensors by their shape, arrays of bytes by their length; functions and what is undefined are left out.
 *
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { plainSettings } from '@netspace/node';
 *
 * console.log(plainSettings({ start: tf.zeros([2]), onStep: () => undefined })); // { start: { tensor: [ 2 ] } }
 * ```
 */
export function plainSettings(value: unknown): unknown {
  if (value instanceof tf.Tensor) return { tensor: (value as tf.Tensor).shape };
  if (ArrayBuffer.isView(value)) return { bytes: value.byteLength };
  if (Array.isArray(value)) return value.map(plainSettings);
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(([, item]) => item !== undefined && typeof item !== 'function');
    return Object.fromEntries(kept.map(([key, item]) => [key, plainSettings(item)]));
  }
  return value;
}
