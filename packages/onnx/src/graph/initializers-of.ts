import { NetSpaceError } from '@netspace/prep';

import type { Binding, Initializers, NormNames } from './bindings.js';
import { transposed } from './values-of.js';

/** New values of an initializer, in its own shape. */
export interface NewInitializer {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * The initializers that give a graph other parameters: undoes `valuesOf`. A folded norm stays in the graph and adds the layer's bias: its mean is 0,
 * its variance 2²⁰ and its scale 2¹⁰, of which the quotient is 1 in single precision whatever small number the norm adds to its variance.
 *
 * @param values one list a binding, row-major in the order of its spec
 */
export function initializersOf(
  bindings: readonly Binding[],
  values: readonly Float32Array[],
  initializers: Initializers,
): ReadonlyMap<string, NewInitializer> {
  const made = new Map<string, NewInitializer>();
  const put = (name: string, result: Float32Array): void => {
    const { shape } = initializers.get(name)!;
    const before = made.get(name);
    if (before !== undefined && before.values.some((value, i) => value !== result[i])) {
      throw new NetSpaceError(
        'UNSUPPORTED',
        `writeOnnx: expected one value of ${name} for all layers that read it, got several; export the model again after a step of training, so that its exporter merges no parameters`,
      );
    }
    made.set(name, { shape, values: result });
  };
  const still = ({ mean, variance, scale }: NormNames, own?: Float32Array): void => {
    const size = initializers.get(mean)!.shape[0] ?? 0;
    put(mean, new Float32Array(size));
    put(variance, new Float32Array(size).fill(2 ** 20));
    put(
      scale,
      Float32Array.from({ length: size }, (_, i) => (own?.[i] ?? 1) * 2 ** 10),
    );
  };
  bindings.forEach(({ source, spec }, i) => {
    const given = values[i]!;
    switch (source.kind) {
      case 'plain': {
        const [rows = 0, columns = 0] = spec.shape;
        put(source.initializer, source.transposed ? Float32Array.from(transposed(given, [columns, rows])) : given);
        break;
      }
      case 'folded-weight':
        put(source.initializer, given);
        still(source.norm);
        break;
      case 'folded-bias':
        if (source.initializer !== undefined) put(source.initializer, new Float32Array(given.length));
        put(source.norm.shift, given);
        break;
      case 'norm-weight':
        still(source.norm, given);
        break;
      case 'norm-bias':
        put(source.norm.shift, given);
        break;
      case 'gates': {
        const { shape } = initializers.get(source.initializer)!;
        const { direction, row, rows, order } = source.place;
        const whole = made.get(source.initializer)?.values ?? new Float32Array(shape.reduce((a, b) => a * b, 1));
        const width = spec.shape[1] ?? 1;
        const each = rows / order.length;
        const perDirection = whole.length / shape[0]!;
        order.forEach((own, gate) => {
          whole.set(given.subarray(own * each * width, (own + 1) * each * width), direction * perDirection + (row + gate * each) * width);
        });
        made.set(source.initializer, { shape, values: whole });
      }
    }
  });
  return made;
}
