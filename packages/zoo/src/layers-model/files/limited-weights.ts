import { NetSpaceError } from '@netspace/prep';
import type * as tfl from '@tensorflow/tfjs-layers';

import { overridden } from '../run.js';

/** What is needed of `@tensorflow/tfjs-layers`, which this package does not load by itself. */
export type LayersOfTfjs = Pick<typeof tfl, 'initializers' | 'layers' | 'models'>;

/** Numbers that all layers of a model in a file may have together: 1 GiB. */
export const MODEL_LIMITS = { parameters: 2 ** 28 } as const;

type AddWeight = tfl.layers.Layer['addWeight'];

/**
 * Makes a model of a file whose layers begin with zeros, and refuses one that is too large before memory is taken. Initial values of layers may
 * take long to make, and nobody reads them.
 *
 * @param make builds the layers before it waits for anything, as `modelFromJSON` and `loadLayersModel` do
 * @throws NetSpaceError `LIMIT_EXCEEDED` beyond {@link MODEL_LIMITS}
 */
export function withLimitedWeights<T>({ initializers, layers }: LayersOfTfjs, make: () => T): T {
  const prototype = layers.Layer.prototype as unknown as { readonly addWeight: AddWeight };
  const add = prototype.addWeight;
  const zeros = initializers.zeros();
  let total = 0;
  function addWeight(this: tfl.layers.Layer, ...[name, shape, dtype, , ...more]: Parameters<AddWeight>): ReturnType<AddWeight> {
    total += shape.reduce<number>((size, side) => size * (side ?? 0), 1);
    if (!(total <= MODEL_LIMITS.parameters)) {
      throw new NetSpaceError('LIMIT_EXCEEDED', `model.json: expected at most ${MODEL_LIMITS.parameters} numbers in all layers, got more in ${this.name}; no space learns such networks`); // prettier-ignore
    }
    return add.call(this, name, shape, dtype, zeros, ...more);
  }
  return overridden([{ target: prototype, key: 'addWeight', value: addWeight }], make);
}
