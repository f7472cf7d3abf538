import { arranged, type Arrangement, wrapped } from './arrangement.js';
import type { Weights } from './channel-groups.js';

/** How alike the channels of two networks are: entry `i · size + j` is of channel i of the first and j of the second. */
export interface Similarities {
  readonly size: number;
  /** Of what has the same sign in both, whatever the signs of the units are. */
  readonly plain: Float64Array;
  /** By units whose sign may change: of what changes with them. */
  readonly signed: ReadonlyMap<string, SignedSimilarities>;
}

export interface SignedSimilarities {
  /** For equal signs; the negative of it for opposite ones. */
  readonly products: Float64Array;
  /** What a bias inside a sine adds for equal and for opposite signs. */
  readonly equal: Float64Array;
  readonly opposite: Float64Array;
}

/**
 * Inner products of the first network's channels with the second's, all other groups arranged as they stand.
 *
 * @param known which groups stand already; numbers along others are compared in order of their size
 */
export function similaritiesOf(
  a: Weights,
  b: Weights,
  { group, size, arrangement, known }: { readonly group: string; readonly size: number; readonly arrangement: Arrangement; readonly known?: (group: string) => boolean }, // prettier-ignore
): Similarities {
  const plain = new Float64Array(size * size);
  const signed = new Map<string, SignedSimilarities>();
  const signedOf = (units: string): SignedSimilarities => {
    const found = signed.get(units) ?? { products: new Float64Array(size * size), equal: new Float64Array(size * size), opposite: new Float64Array(size * size) }; // prettier-ignore
    signed.set(units, found);
    return found;
  };
  a.forEach((parameter, p) => {
    parameter.groups.forEach((name, axis) => {
      if (name !== group) return;
      const units = parameter.signs?.[axis];
      if (parameter.period !== undefined && parameter.shape.length === 1) {
        addPeriodic(parameter.data, b[p]!.data, parameter.period, units === undefined ? [plain] : [signedOf(units).equal, signedOf(units).opposite]);
        return;
      }
      const inner = parameter.shape.slice(axis + 1).reduce((product, n) => product * n, 1);
      const open = parameter.groups.map((other, i) => i !== axis && other !== undefined && known?.(other) === false);
      const sides = [parameter.data, arranged(b[p]!, arrangement, axis)];
      const [mine, theirs] = open.some(Boolean) ? sides.map((side) => sorted(side, parameter.shape, open, parameter.signs)) : sides;
      addProducts(mine!, theirs!, { size, inner, into: units === undefined ? plain : signedOf(units).products });
    });
  }); // prettier-ignore
  return { size, plain, signed };
}

/** `into[i, j] += Σ a[…, i, …] · b[…, j, …]` */
function addProducts(
  a: Float32Array,
  b: Float32Array,
  { size, inner, into }: { readonly size: number; readonly inner: number; readonly into: Float64Array },
): void {
  for (let begin = 0; begin < a.length; begin += size * inner) {
    for (let i = 0; i < size; i++) {
      const mine = begin + i * inner;
      for (let j = 0; j < size; j++) {
        const theirs = begin + j * inner;
        let product = 0;
        for (let k = 0; k < inner; k++) product += a[mine + k]! * b[theirs + k]!;
        into[i * size + j]! += product;
      }
    }
  }
}

/** `−½ d²`, which is the inner product up to what no order changes, for numbers on a circle. */
function addPeriodic(a: Float32Array, b: Float32Array, period: number, [equal, opposite]: readonly Float64Array[]): void {
  const size = a.length;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      equal![i * size + j]! -= wrapped(a[i]! - b[j]!, period) ** 2 / 2;
      if (opposite !== undefined) opposite[i * size + j]! -= wrapped(a[i]! + b[j]!, period) ** 2 / 2;
    }
  }
}

/** Numbers along open axes in order of size, so that their own order does not matter; without their signs where those are open too. */
function sorted(data: Float32Array, shape: readonly number[], open: readonly boolean[], signs: readonly (string | undefined)[] = []): Float32Array {
  let values = data;
  let inner = data.length;
  shape.forEach((size, axis) => {
    inner /= size;
    if (!open[axis]) return;
    if (signs[axis] !== undefined) values = values.map(Math.abs);
    const moved = new Float32Array(values.length);
    const line = new Float32Array(size);
    for (let begin = 0; begin < values.length; begin += size * inner) {
      for (let k = 0; k < inner; k++) {
        for (let i = 0; i < size; i++) line[i] = values[begin + i * inner + k]!;
        line.sort();
        for (let i = 0; i < size; i++) moved[begin + i * inner + k] = line[i]!;
      }
    }
    values = moved;
  });
  return values;
} // prettier-ignore
