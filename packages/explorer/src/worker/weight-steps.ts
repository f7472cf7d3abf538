import { knowledgeDistillationLoss } from '@netspace/losses';
import { adam } from '@netspace/model';
import type { Instance } from '@netspace/prep';
import { variableGrads } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** A batch as `latentObjective` takes it. */
interface Batch {
  readonly images: tf.Tensor;
  readonly labels: tf.Tensor1D;
  readonly teacher: tf.Tensor2D;
}

/** Training of a network's own weights, step by step. */
export interface WeightSteps {
  readonly network: Instance;
  /** The loss on a batch, after which the weights move if there is a next step. */
  next(batch: () => Batch, alpha: number, moves: boolean): Promise<number>;
  dispose(): void;
}

/** Takes the same steps on a network's weights as the search takes on its embedding: same images, same rate, same loss. The network is copied. */
export function weightSteps({ architecture, parameters }: Instance, learningRate: number): WeightSteps {
  const variables = parameters.map((tensor) => tf.variable(tensor));
  const optimizer = adam({ learningRate });
  const byName = Object.fromEntries(variables.map((variable, i) => [architecture.parameters[i]!.name, variable]));
  return {
    network: { architecture, parameters: variables },
    async next(batch, alpha, moves) {
      const loss = tf.tidy(() => {
        const { images, labels, teacher } = batch();
        const measure = (): tf.Scalar =>
          knowledgeDistillationLoss(architecture.apply(variables, images) as tf.Tensor2D, teacher, labels, { alpha });
        if (!moves) return measure();
        const { value, grads } = variableGrads(measure, variables);
        optimizer.apply(
          byName,
          Object.fromEntries(variables.map((variable, i) => [architecture.parameters[i]!.name, grads[variable.name]!])),
        );
        return value;
      });
      const [value] = await loss.data();
      loss.dispose();
      return value!;
    },
    dispose() {
      tf.dispose(variables);
      optimizer.dispose();
    },
  };
}
