import { NetSpaceError, type Instance } from '@netspace/prep';
import { count, type GivenBy, objectOf, parseOptions, refuseSeveralOutputs, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A signed distance function, negative inside: a network that maps points `[N, 3]` to values `[N, 1]`, or any function from the
 * coordinates of points (`[N · 3]`) to their distances (`[N]`), such as the distance to a mesh.
 */
export type SdfField = Instance | ((points: Float32Array) => ArrayLike<number> | Promise<ArrayLike<number>>);

/** See {@link EvaluateSdfOptions}. */
export const evaluateSdfOptions = objectOf({
  /**
   * Points that a network sees at once; bounds the memory its hidden layers take.
   * @default 16_384
   */
  batchSize: withDefault(count, 16_384),
});

/** Options of {@link evaluateSdf}. */
export interface EvaluateSdfOptions extends GivenBy<typeof evaluateSdfOptions> {}

/**
 * Values of a signed distance function at points.
 *
 * @param points x, y, z of each point, `[N · 3]`
 * @returns one value per point, `[N]`
 * @throws NetSpaceError `SHAPE_MISMATCH` if the points are no triples or there is not one value per point, `UNSUPPORTED` for a network of several outputs, `INVALID_OPTION` if the batch
 * size is not a positive whole number or a point is not finite
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { evaluateSdf } from '@netspace/shapes';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
 * const values = await evaluateSdf(network, Float32Array.of(0, 0, 0, 0.1, 0.2, 0.3)); // two points
 * console.log(values.length); // 2
 * ```
 */
export async function evaluateSdf(field: SdfField, points: Float32Array, options: EvaluateSdfOptions = {}): Promise<Float32Array> {
  const { batchSize } = parseOptions('evaluateSdf', evaluateSdfOptions, options);
  if (points.length % 3 !== 0) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `evaluateSdf: expected three coordinates for each point, got ${points.length} numbers; pass x, y, z of each`,
    );
  }
  assertFinite('evaluateSdf', points, points, 'a finite point');
  const places = points.length / 3;
  if (typeof field === 'function') {
    const values = await field(points);
    assertOnePerPoint(places, values.length);
    return Float32Array.from(values);
  }
  refuseSeveralOutputs('evaluateSdf', field.architecture, 'pass a function of points that gives the distances');
  const values = new Float32Array(places);
  for (let from = 0; from < places; from += batchSize) {
    const batch = points.subarray(3 * from, 3 * (from + batchSize));
    const output = tf.tidy(() => field.architecture.apply(field.parameters, tf.tensor2d(batch, [batch.length / 3, 3]))); // [n, 1]
    const numbers = await output.data<'float32'>();
    output.dispose();
    assertOnePerPoint(batch.length / 3, numbers.length);
    values.set(numbers, from);
  }
  return values;
}

function assertOnePerPoint(expected: number, got: number): void {
  if (expected !== got) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `evaluateSdf: expected one value for each of ${expected} points, got ${got}; is this an SDF?`,
    );
  }
}

/** Refuses a field with values that are not finite, and names the first such place. */
export const assertFiniteValues = (caller: string, values: ArrayLike<number>, points: Float32Array): void =>
  assertFinite(caller, values, points, 'finite distances');

function assertFinite(caller: string, values: ArrayLike<number>, points: Float32Array, expected: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const point = Math.floor((i * points.length) / (3 * values.length));
    const place = points.subarray(3 * point, 3 * point + 3).join(', ');
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected ${expected}, got ${values[i]} at (${place}); has the network diverged?`);
  }
}
