import type { LatentBatch } from '@netspace/explore';
import { knowledgeDistillationLoss } from '@netspace/losses';
import type { Instance } from '@netspace/prep';
import { adam, fit, type Schedule } from '@netspace/train';
import type * as tf from '@tensorflow/tfjs-core';

/** One batch a step. */
export interface FineTuneOptions {
  readonly batches: readonly Required<LatentBatch>[];
  readonly learningRate: Schedule;
  readonly signal: AbortSignal;
}

/**
 * Trains a network's own weights towards the teacher: equation (5), as the search does it in the space.
 *
 * @returns a network of its own, which the caller disposes
 */
export async function fineTune(
  { architecture, parameters: start }: Instance,
  { batches, learningRate, signal }: FineTuneOptions,
): Promise<Instance> {
  const loss = (variables: readonly tf.Variable[], step: number): tf.Scalar => {
    const { images, teacher, labels } = batches[step]!;
    return knowledgeDistillationLoss(architecture.apply(variables, images) as tf.Tensor2D, teacher, labels);
  };
  let parameters: readonly tf.Tensor[] = [];
  for await (const { variables } of fit({
    name: 'fineTune',
    start,
    loss,
    optimizer: adam({ learningRate }),
    stops: [batches.length],
    signal,
  })) {
    parameters = variables.map((variable) => variable.clone());
  }
  return { architecture, parameters };
}
