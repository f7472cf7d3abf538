import { packPReps, type Instance, type PRepShape } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { Start } from './start.js';
import { normalize } from './units/normalization.js';
import type { Normalization } from './units/units.js';

interface Space {
  readonly config: { readonly prepShape: PRepShape };
  readonly normalization: Normalization | undefined;
  classIdOf(instance: Instance): number;
}

/**
 * The PRep that every embedding decodes to at first, as the scale layer's bias, in the decoder's units.
 *
 * @returns `[H, W]`: zero where each architecture starts from its own network; undefined if the space starts near zero
 */
export function startingPRep(space: Space, start: Start): tf.Tensor2D | undefined {
  const { prepShape } = space.config;
  if (start.from === 'instances') return tf.zeros([...prepShape]);
  if (start.from !== 'instance') return undefined;
  const preps = packPReps([start.instance], prepShape); // [1, H, W]
  if (space.normalization === undefined) return tf.squeeze<tf.Tensor2D>(preps, [0]);
  const { mean, deviation, start: middle = mean } = space.normalization;
  return tf.squeeze<tf.Tensor2D>(normalize(preps, [space.classIdOf(start.instance)], { mean: middle, deviation }), [0]);
}
