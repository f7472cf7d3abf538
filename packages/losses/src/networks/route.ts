import type * as tf from '@tensorflow/tfjs-core';

/**
 * Decides which architecture reads each predicted PRep.
 *
 * @param classLogits `[networks, architectures]`
 * @param targets the ClassId that each embedding stands for
 * @returns a ClassId per network
 */
export type Route = (classLogits: tf.Tensor2D, targets: readonly number[]) => readonly number[];

/**
 * Reads each PRep as the architecture that the class head finds most probable, as in the paper.
 *
 * The class logits are read back to the host, which waits for the device.
 *
 * @param classLogits `[networks, architectures]`
 * @returns the first largest entry of each row
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { routeByArgMax } from '@netspace/losses';
 *
 * console.log(routeByArgMax(tf.tensor2d([[0, 2], [3, 1]]), [0, 0])); // [ 1, 0 ]
 * ```
 */
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

/**
 * Reads each PRep as the architecture that its embedding stands for, whatever the class head says. Nothing is read back to the host.
 *
 * @param targets the ClassId that each embedding stands for
 * @returns `targets`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { routeByTarget } from '@netspace/losses';
 *
 * console.log(routeByTarget(tf.tensor2d([[0, 2], [3, 1]]), [0, 0])); // [ 0, 0 ]
 * ```
 */
export const routeByTarget: Route = (_, targets) => targets;
