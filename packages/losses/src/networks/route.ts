import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

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
 * The class logits are read back to the host, which waits for the device: a loss runs inside a gradient, and that cannot wait for a promise.
 * Where the backend cannot be read so, as webgpu in Node, give losses {@link routeByTarget}, or a function that knows the ClassIds, as
 * `trainNetSpace` does.
 *
 * @param classLogits `[networks, architectures]`
 * @returns the first largest entry of each row
 * @throws NetSpaceError `UNSUPPORTED` with webgpu in Node
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
  if (!canReadAtOnce()) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      'routeByArgMax: expected a backend that can be read inside a gradient, got webgpu in Node; give the loss `route: routeByTarget`',
    );
  }
  return largestOfRows(classLogits.dataSync(), classLogits.shape); // which network runs is decided on the host
};

/** In Node, tfjs cannot read from webgpu at once: it would draw the values on a canvas, which there is none. */
export const canReadAtOnce = (): boolean => tf.getBackend() !== 'webgpu' || 'OffscreenCanvas' in globalThis;

/** The place of the first largest entry of each row of logits that were read. */
export const largestOfRows = (
  values: ArrayLike<number>,
  [networks, architectures]: readonly [networks: number, architectures: number],
): readonly number[] =>
  Array.from({ length: networks }, (_, row) => {
    let best = 0;
    for (let id = 1; id < architectures; id++) {
      if (values[row * architectures + id]! > values[row * architectures + best]!) best = id;
    }
    return best;
  });

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
