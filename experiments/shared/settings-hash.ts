import { createHash } from 'node:crypto';

import * as tf from '@tensorflow/tfjs-core';

/** A short name for settings, the same for equal ones. */
export const hashOf = (settings: unknown): string => createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 10);

/** Settings as JSON: tensors by their shape, arrays of bytes by their length; functions and what is undefined are left out. */
export function plain(value: unknown): unknown {
  if (value instanceof tf.Tensor) return { tensor: value.shape };
  if (ArrayBuffer.isView(value)) return { bytes: value.byteLength };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(([, item]) => item !== undefined && typeof item !== 'function');
    return Object.fromEntries(kept.map(([key, item]) => [key, plain(item)]));
  }
  return value;
}
