import type { Purpose } from '@netspace/prep';

import type { Ending } from './ending.js';
import type { Layer, LayerGraph } from './graph.js';

/**
 * What a model is for, as far as its layers show it: a classifier where images `[height, width, channels]` go in and two or more logits come
 * out, of a dense layer without activation or of a softmax that is undone. Probabilities are no logits, and one number may mean anything.
 *
 * @param undoes how the architecture makes logits of the softmax that the model ends in, if it does
 */
export function purposeOf({ calls, output, inputShape }: LayerGraph, undoes: Ending): Purpose {
  const last = calls.find(({ outputs }) => outputs.includes(output));
  if (last === undefined || inputShape.length !== 4 || last.outputShape.length !== 2) return 'other';
  const givesLogits = undoes !== undefined || isLinear(last.layer);
  return givesLogits && (last.outputShape[1] ?? 0) >= 2 ? 'classifier' : 'other';
}

const isLinear = (layer: Layer): boolean => layer.getClassName() === 'Dense' && layer.getConfig()['activation'] === 'linear';
