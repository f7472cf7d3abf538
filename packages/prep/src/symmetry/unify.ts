import { type Axis, leaf, type Leaf, pin, product, resolve, sum, UNIT } from './axis.js';

/**
 * Writes down that two axes of one size have the same order. Where their structures do not go together, both are pinned: there are then fewer
 * symmetries than there might be, never wrong ones.
 */
export function unify(one: Axis, other: Axis): void {
  const [a, b] = [resolve(one), resolve(other)];
  if (a === b) return;
  if (a.size !== b.size) pin(a, b);
  else if (a.kind === 'leaf') bind(a, b);
  else if (b.kind === 'leaf') bind(b, a);
  else if (!(a.kind === 'product' && b.kind === 'product' ? unifyFactors(a.factors, b.factors) : unifyParts(partsOf(a), partsOf(b))))
    pin(a, b);
}

function bind(variable: Leaf, axis: Axis): void {
  if (variable.pinned) pin(axis);
  variable.is = axis;
}

const partsOf = (axis: Axis): readonly Axis[] => (axis.kind === 'sum' ? axis.parts : [axis]);

function unifyParts(first: readonly Axis[], second: readonly Axis[]): boolean {
  const [a, b] = [[...first], [...second]];
  while (a.length > 0 && b.length > 0) {
    const size = Math.min(a[0]!.size, b[0]!.size);
    for (const list of [a, b]) {
      const pieces = splitAt(list[0]!, size);
      if (pieces === undefined) return false;
      list.splice(0, 1, ...pieces.filter((piece) => piece.size > 0));
    }
    unify(a.shift()!, b.shift()!);
  }
  return true;
}

function unifyFactors(first: readonly Axis[], second: readonly Axis[]): boolean {
  const [a, b] = [[...first], [...second]];
  while (a.length > 0 && b.length > 0) {
    const size = Math.min(a[0]!.size, b[0]!.size);
    for (const list of [a, b]) {
      const pieces = takeOuter(list[0]!, size);
      if (pieces === undefined) return false;
      list.splice(0, 1, ...pieces.filter((piece) => piece.size > 1));
    }
    unify(a.shift()!, b.shift()!);
  }
  return true;
}

/** An axis as what lies before a place and what lies behind it; nothing if a product is cut through. */
export function splitAt(axis: Axis, place: number): readonly [Axis, Axis] | undefined {
  const found = resolve(axis);
  const empty = sum();
  if (place === 0) return [empty, found];
  if (place === found.size) return [found, empty];
  if (found.kind === 'leaf') {
    const pieces = [leaf(place, found.pinned), leaf(found.size - place, found.pinned)] as const;
    found.is = sum(...pieces);
    return pieces;
  }
  if (found.kind === 'product') {
    const [outer, ...rest] = found.factors;
    const inner = product(...rest);
    const pieces = place % inner.size === 0 ? splitAt(outer!, place / inner.size) : undefined;
    return pieces && [product(pieces[0], inner), product(pieces[1], inner)];
  }
  let before = 0;
  for (const [i, part] of found.parts.entries()) {
    if (before + part.size <= place) {
      before += part.size;
      continue;
    }
    const pieces = splitAt(part, place - before);
    return pieces && [sum(...found.parts.slice(0, i), pieces[0]), sum(pieces[1], ...found.parts.slice(i + 1))];
  }
  return undefined;
}

/** An axis as `outer` times what is left, row-major; nothing if it is not made so. */
export function takeOuter(axis: Axis, outer: number): readonly [Axis, Axis] | undefined {
  const found = resolve(axis);
  if (outer === 1) return [UNIT, found];
  if (outer === found.size) return [found, UNIT];
  const inner = found.size / outer;
  if (!Number.isInteger(inner)) return undefined;
  if (found.kind === 'leaf') {
    const pieces = [leaf(outer, found.pinned), leaf(inner, found.pinned)] as const;
    found.is = product(...pieces);
    return pieces;
  }
  if (found.kind === 'sum') {
    const pieces = found.parts.map((part) => (part.size % inner === 0 ? takeOuter(part, part.size / inner) : undefined));
    if (pieces.some((piece) => piece === undefined)) return undefined;
    for (const piece of pieces) unify(pieces[0]![1], piece![1]);
    return [sum(...pieces.map((piece) => piece![0])), pieces[0]![1]];
  }
  const [first, ...rest] = found.factors;
  if (outer % first!.size === 0) {
    const pieces = takeOuter(product(...rest), outer / first!.size);
    return pieces && [product(first!, pieces[0]), pieces[1]];
  }
  const pieces = first!.size % outer === 0 ? takeOuter(first!, outer) : undefined;
  return pieces && [pieces[0], product(pieces[1], ...rest)];
}
