import { NetSpaceError, parameterCount, type Architecture } from '@netspace/prep';
import { numberOf, objectOf, randomStream, seed, type UsedBy, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** What a scale may be, as an option and in a file. */
export const SCALE = 'a positive number up to 1e9';
export const isScale = (value: number): boolean => value > 0 && value <= 1e9;

/** See {@link Directions}. */
export const directionsOptions = objectOf({
  /**
   * How far the directions reach, in units of the deviation of the weights.
   * @default 3
   */
  scale: withDefault(numberOf(SCALE, isScale), 3),
  /**
   * Seed of the directions.
   * @default 0
   */
  seed: withDefault(seed, 0),
});

/** Which fixed random directions a decoder has; they are made anew from the seed and never saved. */
export interface Directions extends UsedBy<typeof directionsOptions> {}

/** Most numbers of the directions of a space: 512 MiB in single precision. */
export const DIRECTIONS_LIMIT = 2 ** 27;

interface Sizes {
  readonly embeddingSize: number;
  readonly directions?: Directions | undefined;
}

/** How many numbers the directions of a space are: E for each parameter of its largest architecture; 0 if it has none. */
export const directionsCount = ({ embeddingSize, directions }: Sizes, architectures: readonly Architecture[]): number =>
  directions === undefined ? 0 : embeddingSize * places(architectures);

/** Parameters of the largest architecture: these places of a PRep are used, the rest is padding. */
const places = (architectures: readonly Architecture[]): number =>
  Math.max(0, ...architectures.map(({ parameters }) => parameterCount(parameters)));

/**
 * Refuses directions that a space cannot have, before any is made.
 *
 * @throws NetSpaceError `INVALID_OPTION` without units, `LIMIT_EXCEEDED` for more than {@link DIRECTIONS_LIMIT} numbers
 */
export function checkDirections(config: Sizes, architectures: readonly Architecture[], units: unknown): void {
  if (config.directions === undefined) return;
  checkHasUnits('NetSpace', config.directions, units);
  const count = directionsCount(config, architectures);
  if (count <= DIRECTIONS_LIMIT) return;
  throw new NetSpaceError(
    'LIMIT_EXCEEDED',
    `NetSpace: expected directions of at most ${DIRECTIONS_LIMIT} numbers, got ${count}: embeddingSize ${config.embeddingSize} times ${places(architectures)} parameters; choose a smaller embeddingSize or leave directions out`,
  );
}

/** Refuses directions without units, which a caller may ask for before there is a space. */
export function checkHasUnits(call: string, directions: unknown, units: unknown): void {
  if (directions === undefined || units !== undefined) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected units with directions, which are measured in them, such as units: { of: instances } (in a config, "units": "zoo"), got none; add units or leave directions out`,
  );
}

/**
 * The matrix R of fixed random directions, times `scale / √E`: row e is how each parameter of a network moves with number e of its
 * embedding.
 *
 * The numbers are nearly normal, of mean 0 and variance 1: sums of four uniform numbers. They are made of integers and one product, so they
 * are the same to the bit on every machine and in every browser; logarithms and sines are not. A row does not depend on the number of
 * parameters, but on seed and e alone.
 *
 * @returns `[E, P]`, P the parameters of the largest architecture, kept until the caller disposes of it; undefined without directions
 */
export function makeDirections(config: Sizes, architectures: readonly Architecture[]): tf.Tensor2D | undefined {
  const { embeddingSize, directions } = config;
  if (directions === undefined) return undefined;
  const width = places(architectures);
  const factor = directions.scale / Math.sqrt(embeddingSize) / DEVIATION_OF_SUM;
  const values = new Float32Array(embeddingSize * width);
  for (let row = 0; row < embeddingSize; row++) {
    const uniform = randomStream(directions.seed, row);
    for (let i = row * width; i < (row + 1) * width; i++) values[i] = factor * (halves(uniform()) + halves(uniform()) - MEAN_OF_SUM);
  }
  return tf.keep(tf.tensor2d(values, [embeddingSize, width]));
}

/** The sum of two uniform integers below 2¹⁶, from one number of 32 bits. */
function halves(uniform: number): number {
  const bits = uniform * 2 ** 32;
  const high = Math.floor(bits / 2 ** 16);
  return high + (bits - high * 2 ** 16);
}

/** Of the sum of four uniform integers below 2¹⁶. */
const MEAN_OF_SUM = 2 * (2 ** 16 - 1);
const DEVIATION_OF_SUM = Math.sqrt((2 ** 32 - 1) / 3);

/**
 * Moves decoded PReps along the directions: `preps + z R`, nothing in the padding. Differentiable in both.
 *
 * @param preps `[B, H, W]`, in the space's units
 * @param embeddings `[B, E]`
 * @param directions `[E, P]` of {@link makeDirections}
 */
export const moveAlong = (preps: tf.Tensor3D, embeddings: tf.Tensor2D, directions: tf.Tensor2D): tf.Tensor3D =>
  tf.tidy(() => {
    const [, height, width] = preps.shape;
    const moves = tf.matMul(embeddings, directions); // [B, P]
    const padded = tf.pad(moves, [[0, 0], [0, height * width - directions.shape[1]]]); // prettier-ignore
    return tf.add(preps, tf.reshape(padded, preps.shape));
  });
