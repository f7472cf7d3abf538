import type * as tf from '@tensorflow/tfjs-core';

/**
 * Decides which architecture reads each predicted PRep.
 *
 * @param classLogits `[networks, architectures]`
 * @param targets the ClassId that each embedding stands for
 * @returns a ClassId per network
 */
export type Route = (classLogits: tf.Tensor2D, targets: readonly number[]) => readonly number[];

/** Each PRep is read as the architecture that the class head finds most probable, as in the paper; reads the logits on the host. */
export const routeByArgMax: Route = (classLogits) => {
  const [networks, architectures] = classLogits.shape;
  const values = classLogits.dataSync(); // which network runs is decided on the host
  return Array.from({ length: networks }, (_, row) => {
    let best = 0;
    for (let id = 1; id < architectures; id++) {
      if (values[row * architectures + id]! > values[row * architectures + best]!) best = id;
    }
    return best;
  });
};

/** Each PRep is read as the architecture it should be, whatever the class head says: no host read. */
export const routeByTarget: Route = (_, targets) => targets;
