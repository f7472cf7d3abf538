import * as tf from '@tensorflow/tfjs-core';

import type { PhasedShape } from './phased-convolution.js';

/** Splits images, which are whole or in fewer phases, into the phases of a shape, each `[b, C, H, L]`. */
export function splitColumns(parts: readonly tf.Tensor[], { channels, height, length, phases }: PhasedShape): tf.Tensor[] {
  return tf.tidy(() => {
    const [whole] = joinColumns(parts, 1);
    return tf.unstack(tf.reshape(whole!, [-1, channels, height, length, phases]), 4);
  });
}

/** Joins phases again until this number of phases is left. */
export function joinColumns(parts: readonly tf.Tensor[], phases: number): tf.Tensor[] {
  if (parts.length === phases) return parts.map((part) => tf.clone(part));
  return tf.tidy(() => {
    const [batch, channels, height, length] = parts[0]!.shape as [number, number, number, number];
    const per = parts.length / phases;
    return Array.from({ length: phases }, (_, p) => {
      const own = Array.from({ length: per }, (__, i) => parts[i * phases + p]!);
      return tf.reshape(tf.stack(own, 4), [batch, channels, height, length * per]);
    });
  });
}
