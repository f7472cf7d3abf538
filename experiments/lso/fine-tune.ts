import type { LatentBatch } from '@netspace/explore';
import { knowledgeDistillationLoss } from '@netspace/losses';
import { adam, type Schedule } from '@netspace/model';
import type { Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Trains a network's own weights towards the teacher, one step a batch: equation (5), as the search does it in the space.
 *
 * @returns a network of its own, which the caller disposes
 */
export async function fineTune(
  { architecture, parameters }: Instance,
  {
    batches,
    learningRate,
    signal,
  }: { readonly batches: readonly Required<LatentBatch>[]; readonly learningRate: Schedule; readonly signal: AbortSignal },
): Promise<Instance> {
  const variables = parameters.map((parameter) => tf.variable(parameter));
  const named = Object.fromEntries(variables.map((variable, i) => [String(i), variable]));
  const optimizer = adam({ learningRate });
  for (const { images, teacher, labels } of batches) {
    signal.throwIfAborted();
    tf.tidy(() => {
      const { grads } = tf.variableGrads(
        () => knowledgeDistillationLoss(architecture.apply(variables, images) as tf.Tensor2D, teacher, labels),
        variables,
      );
      optimizer.apply(named, Object.fromEntries(variables.map(({ name }, i) => [String(i), grads[name]!])));
    });
    await new Promise(setImmediate); // lets signals in between steps
  }
  optimizer.dispose();
  return { architecture, parameters: variables };
}
