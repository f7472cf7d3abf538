import type { Purpose } from '@netspace/prep';

import type { Ending } from './ending.js';
import type { Layer, LayerGraph } from './graph/graph.js';

/**
 * The purpose of a model, as far as its layers show it. A classifier takes images `[height, width, channels]` and gives two or more logits,
 * from a dense layer without activation or a softmax that is undone. Probabilities are no logits, and a single number may mean anything.
 *
 * @param undoes how the architecture makes logits from the softmax at the end of the model, if it does
 */
export function purposeOf(
  { calls, outputs: [output, ...more], inputShapes: [inputShape, ...others] }: LayerGraph,
  undoes: Ending,
): Purpose {
  if (output === undefined || inputShape === undefined || more.length > 0 || others.length > 0) return 'other';
  const last = calls.find(({ outputs }) => outputs.includes(output));
  if (last === undefined || inputShape.length !== 4 || last.outputShape.length !== 2) return 'other';
  const givesLogits = undoes !== undefined || isLinear(last.layer);
  return givesLogits && (last.outputShape[1] ?? 0) >= 2 ? 'classifier' : 'other';
}

const isLinear = (layer: Layer): boolean => layer.getClassName() === 'Dense' && layer.getConfig()['activation'] === 'linear';
