import { randomStream } from '@netspace/prep/internal';

import { symmetricEigen } from './symmetric-eigen.js';

/** The plane of the first two principal components of some vectors. */
export interface PrincipalPlane {
  /** `[E]` */
  readonly mean: Float64Array;
  /** Two unit vectors `[E]`, at right angles; in each the component of largest magnitude is positive. */
  readonly axes: readonly [Float64Array, Float64Array];
  /** Which share of the variance each axis holds. */
  readonly explained: readonly [number, number];
}

/** Vectors that are iterated together: the first two converge by the ratio of the seventh variance to theirs. */
const BLOCK = 6;
const ITERATIONS = 100;
/** Numbers that are looked at; of more rows, evenly spread ones. */
const MOST_NUMBERS = 2_000_000;

/**
 * The first two principal components, by subspace iteration with a fixed start: equal vectors give equal axes, on every machine.
 *
 * @param values `[count, size]`, row by row; may be empty
 * @see Halko, Martinsson, Tropp, "Finding structure with randomness", SIAM Review 2011
 */
export function principalPlane(values: Float32Array, count: number, size: number): PrincipalPlane {
  const rows = Math.min(count, Math.max(BLOCK, Math.floor(MOST_NUMBERS / size)));
  const mean = new Float64Array(size);
  const chosen = Array.from({ length: rows }, (_, i) => Math.floor((i * count) / rows) * size);
  for (const from of chosen) for (let j = 0; j < size; j++) mean[j]! += values[from + j]! / rows;
  const centered = new Float32Array(rows * size);
  let variance = 0;
  chosen.forEach((from, i) => {
    for (let j = 0; j < size; j++) {
      const value = values[from + j]! - mean[j]!;
      centered[i * size + j] = value;
      variance += value * value;
    }
  });
  let basis = startingBasis(Math.min(BLOCK, size), size);
  let spread: readonly number[] = [];
  for (let step = 0; step < ITERATIONS && variance > 0; step++) {
    const product = timesCovariance(centered, rows, size, basis);
    const { values: variances, vectors } = symmetricEigen(basis.map((vector) => product.map((other) => dot(vector, other))));
    const next = orthonormal(vectors.map((weights) => mixed(product, weights)));
    const settled = [0, 1].every((k) => Math.abs((variances[k] ?? 0) - (spread[k] ?? 0)) <= 1e-9 * variance) && step > 2;
    [basis, spread] = [next, variances];
    if (settled) break;
  }
  const axes = [basis[0]!, basis[1] ?? new Float64Array(size)].map(pointing) as [Float64Array, Float64Array];
  const share = (k: number): number => (variance > 0 ? Math.min(1, (spread[k] ?? 0) / variance) : 0);
  return { mean, axes, explained: [share(0), share(1)] };
}

function startingBasis(count: number, size: number): Float64Array[] {
  const random = randomStream(17);
  return orthonormal(Array.from({ length: count }, () => Float64Array.from({ length: size }, () => random() - 0.5)));
}

/** `Xᵀ X v` of each vector. */
function timesCovariance(centered: Float32Array, rows: number, size: number, basis: readonly Float64Array[]): Float64Array[] {
  const products = basis.map(() => new Float64Array(size));
  for (let i = 0; i < rows; i++) {
    const row = centered.subarray(i * size, (i + 1) * size);
    basis.forEach((vector, k) => {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += row[j]! * vector[j]!;
      const product = products[k]!;
      for (let j = 0; j < size; j++) product[j]! += sum * row[j]!;
    });
  }
  return products;
}

/** Gram and Schmidt, twice against rounding; what has no length left is zero. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const given of vectors) {
    const vector = given.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) {
        const along = dot(vector, other);
        for (let j = 0; j < vector.length; j++) vector[j]! -= along * other[j]!;
      }
    }
    const length = Math.sqrt(dot(vector, vector));
    const smallest = 1e-10 * Math.sqrt(dot(given, given));
    done.push(vector.map((value) => (length > smallest ? value / length : 0)));
  }
  return done;
}

/** `Σ weightᵢ · vectorᵢ` */
function mixed(vectors: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  vectors.forEach((vector, i) => {
    for (let j = 0; j < sum.length; j++) sum[j]! += weights[i]! * vector[j]!;
  });
  return sum;
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
};

/** An axis has no direction of its own: its largest component decides. */
function pointing(axis: Float64Array): Float64Array {
  const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? axis.map((value) => -value) : axis;
}

/** Where a vector lies on the plane: `axis · (vector − mean)`. */
export const onPlane = ({ mean, axes }: PrincipalPlane, vector: Float32Array): readonly [x: number, y: number] => {
  let [x, y] = [0, 0];
  for (let j = 0; j < vector.length; j++) {
    const value = vector[j]! - mean[j]!;
    x += value * axes[0][j]!;
    y += value * axes[1][j]!;
  }
  return [x, y];
};

/** The vector at a place of the plane: `mean + x · axis₁ + y · axis₂`. */
export const liftFromPlane = ({ mean, axes }: PrincipalPlane, x: number, y: number): Float32Array =>
  Float32Array.from(mean, (value, j) => value + x * axes[0][j]! + y * axes[1][j]!);
