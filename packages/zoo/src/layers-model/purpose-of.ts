import type { Purpose } from '@netspace/prep';

import type { LayerGraph } from './graph.js';

/**
 * What a model is for, as far as its layers show it: a classifier where images `[height, width, channels]` go in and a dense layer without
 * activation gives two or more numbers, its logits. Probabilities (softmax) are no logits, and one number may mean anything.
 */
export function purposeOf({ calls, output, inputShape }: LayerGraph): Purpose {
  const last = calls.find(({ outputs }) => outputs.includes(output));
  if (last === undefined || inputShape.length !== 4 || last.outputShape.length !== 2) return 'other';
  const givesLogits = last.layer.getClassName() === 'Dense' && last.layer.getConfig()['activation'] === 'linear';
  return givesLogits && (last.outputShape[1] ?? 0) >= 2 ? 'classifier' : 'other';
}
