/** What a file holds for one tensor: all its values, or a checksum of a tensor too large to store. */
export type Expectation =
  | { readonly kind: 'whole'; readonly shape: readonly number[]; readonly values: ArrayLike<number> }
  | {
      readonly kind: 'checksum';
      readonly shape: readonly number[];
      readonly mean: number;
      readonly std: number;
      readonly absoluteSum: number;
      readonly indices: ArrayLike<number>;
      readonly values: ArrayLike<number>;
    };

export interface Got {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** One value that is not what it has to be. */
export interface Miss {
  readonly name: string;
  readonly got: string;
  readonly expected: string;
  readonly tolerance: string;
}

/** How near is near enough: exactly the same, or `|g − e| ≤ rtol · (|e| + rms(e))`. */
export type Tolerance = 'exact' | number;

/**
 * The worst miss of a tensor, or undefined where all is near enough.
 *
 * @param got in the file's axis order; axes of length 1 do not count
 * @see golden/README.md, "Tolerance"
 */
export function findMiss(name: string, expectation: Expectation, got: Got, tolerance: Tolerance): Miss | undefined {
  const [expectedShape, gotShape] = [expectation.shape, got.shape].map((shape) => shape.filter((size) => size !== 1).join('x'));
  if (expectedShape !== gotShape) {
    return { name, got: `shape [${got.shape}]`, expected: `shape [${expectation.shape}]`, tolerance: 'exact' };
  }
  return worst(
    expectation.kind === 'whole' ? wholeEntries(name, expectation, got, tolerance) : checksumEntries(name, expectation, got, tolerance),
  );
}

interface Entry {
  readonly name: string;
  readonly got: number;
  readonly expected: number;
  readonly limit: number;
}

function* wholeEntries(
  name: string,
  { values }: Extract<Expectation, { kind: 'whole' }>,
  got: Got,
  tolerance: Tolerance,
): Generator<Entry> {
  const { mean, std } = statistics(values);
  const rms = Math.hypot(mean, std);
  for (let i = 0; i < values.length; i++) {
    const expected = values[i]!;
    yield { name: values.length === 1 ? name : `${name}[${i}]`, got: got.values[i]!, expected, limit: limitOf(expected, rms, tolerance) };
  }
}

function* checksumEntries(
  name: string,
  expectation: Extract<Expectation, { kind: 'checksum' }>,
  got: Got,
  tolerance: Tolerance,
): Generator<Entry> {
  const rms = Math.hypot(expectation.mean, expectation.std);
  for (let i = 0; i < expectation.values.length; i++) {
    const index = expectation.indices[i]!;
    const expected = expectation.values[i]!;
    yield { name: `${name}[${index}]`, got: got.values[index]!, expected, limit: limitOf(expected, rms, tolerance) };
  }
  // Statistics are rounded to float32 even where the values are copies.
  const rtol = tolerance === 'exact' ? 1e-4 : tolerance;
  const own = statistics(got.values);
  yield { name: `${name}#stats mean`, got: own.mean, expected: expectation.mean, limit: rtol * rms };
  yield { name: `${name}#stats std`, got: own.std, expected: expectation.std, limit: rtol * rms };
  const { absoluteSum } = expectation;
  yield { name: `${name}#stats sum of |x|`, got: own.absoluteSum, expected: absoluteSum, limit: rtol * absoluteSum };
}

/** By how much a value may be off. */
export const limitOf = (expected: number, rms: number, tolerance: Tolerance): number =>
  tolerance === 'exact' ? 0 : tolerance * (Math.abs(expected) + rms);

function worst(entries: Iterable<Entry>): Miss | undefined {
  let found: Entry | undefined;
  let excess = 0;
  let misses = 0;
  for (const entry of entries) {
    const distance = Math.abs(entry.got - entry.expected);
    if (distance <= entry.limit) continue; // false for NaN
    misses++;
    const ratio = Number.isNaN(distance) ? Infinity : distance / entry.limit;
    if (found !== undefined && ratio <= excess) continue;
    found = entry;
    excess = ratio;
  }
  if (found === undefined) return undefined;
  const more = misses > 1 ? ` (the worst of ${misses})` : '';
  return { name: `${found.name}${more}`, got: String(found.got), expected: String(found.expected), tolerance: found.limit.toPrecision(3) };
}

/** Mean, population standard deviation and sum of absolute values, in double precision. */
export function statistics(values: ArrayLike<number>): { readonly mean: number; readonly std: number; readonly absoluteSum: number } {
  const count = Math.max(1, values.length);
  let sum = 0;
  let absoluteSum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    absoluteSum += Math.abs(values[i]!);
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / count), absoluteSum };
}
