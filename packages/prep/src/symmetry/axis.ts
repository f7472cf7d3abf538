/**
 * What one axis of a tensor runs over.
 *
 * A leaf is a row of things that all tensors with that leaf have in the same order, such as the channels of a layer. A product runs over
 * the last factor first, such as heads times features. A sum is one part behind the other, such as what a concatenation gives.
 *
 * Leaves are variables: what is learned of one, that it equals another or is made of several, is written into `is`.
 */
export type Axis = Leaf | Product | Sum;

export interface Leaf {
  readonly kind: 'leaf';
  readonly size: number;
  /** Whether its order is fixed, as that of pixels, inputs and outputs. */
  pinned: boolean;
  /** What it was found to be. */
  is?: Axis;
}

export interface Product {
  readonly kind: 'product';
  readonly size: number;
  readonly factors: readonly Axis[];
}

export interface Sum {
  readonly kind: 'sum';
  readonly size: number;
  readonly parts: readonly Axis[];
}

/** An axis of size 1. */
export const UNIT: Product = { kind: 'product', size: 1, factors: [] };

export const leaf = (size: number, pinned = false): Axis => (size === 1 ? UNIT : { kind: 'leaf', size, pinned });

/** Row-major product, in normal form: no product within, no factor of size 1, and a sum in front is multiplied out. */
export function product(...given: readonly Axis[]): Axis {
  const factors = given.flatMap((axis) => {
    const found = resolve(axis);
    return found.kind === 'product' ? found.factors : [found];
  });
  const [first, ...rest] = factors.filter(({ size }) => size !== 1);
  if (first === undefined) return UNIT;
  if (rest.length === 0) return first;
  if (first.kind === 'sum') return sum(...first.parts.map((part) => product(part, ...rest)));
  const all = [first, ...rest];
  return { kind: 'product', factors: all, size: all.reduce((total, { size }) => total * size, 1) };
}

/** Parts one behind the other, in normal form: no sum within, no empty part. */
export function sum(...given: readonly Axis[]): Axis {
  const parts = given.flatMap((axis) => {
    const found = resolve(axis);
    return found.kind === 'sum' ? found.parts : [found];
  });
  const filled = parts.filter(({ size }) => size > 0);
  if (filled.length === 1) return filled[0]!;
  if (filled.length > 1 && filled.every(({ size }) => size === 1)) return leaf(filled.length, true); // each in its own place
  return { kind: 'sum', parts: filled, size: filled.reduce((total, { size }) => total + size, 0) };
}

/** An axis in terms of leaves of which nothing more is known. */
export function resolve(axis: Axis): Axis {
  switch (axis.kind) {
    case 'leaf':
      return axis.is === undefined ? axis : (axis.is = resolve(axis.is));
    case 'product':
      return axis.factors.some(isStale) ? product(...axis.factors) : axis;
    case 'sum':
      return axis.parts.some(isStale) ? sum(...axis.parts) : axis;
  }
}

function isStale(axis: Axis): boolean {
  if (axis.kind === 'leaf') return axis.is !== undefined;
  return (axis.kind === 'product' ? axis.factors : axis.parts).some(isStale);
}

/** All leaves of an axis, from the front. */
export function leavesOf(axis: Axis): readonly Leaf[] {
  const found = resolve(axis);
  if (found.kind === 'leaf') return [found];
  return (found.kind === 'product' ? found.factors : found.parts).flatMap(leavesOf);
}

/** Fixes the order of all that an axis runs over. */
export function pin(...axes: readonly Axis[]): void {
  for (const axis of axes) for (const found of leavesOf(axis)) found.pinned = true;
}
