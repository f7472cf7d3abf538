import type { TypedArray } from '@tensorflow/tfjs-core';

import { type Loops, TRANSPOSE_BLOCK } from '../loops/loop-module.js';

/** A view of a flat array: its beginning, and the distance of each step along a dimension. */
export interface Strided {
  readonly offset: number;
  readonly strides: readonly number[];
}

type Values = TypedArray;

/** Runs shorter than this are copied by a loop: `set` costs a call and a view each time. */
const SHORT_RUN = 24;

/** Side of the square tiles of a transposing copy: a tile of both arrays fits into the first cache. */
const TILE = 16;

interface Dimension {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Copies a strided view of one array onto a strided view of another: slices, transposes and patches are all this.
 *
 * @param shape sizes of both views
 * @param loops those of the backend, if both arrays are in its memory: transposing copies then take blocks of four by four
 */
export function copyStrided(source: Values, from: Strided, target: Values, to: Strided, shape: readonly number[], loops?: Loops): void {
  if (shape.includes(0)) return;
  const dimensions = mergeDimensions(shape.map((size, i) => ({ size, from: from.strides[i]!, to: to.strides[i]! })));
  const inner = dimensions.pop()!;
  const second = dimensions.pop() ?? { size: 1, from: 0, to: 0 };
  const isTranspose = inner.to === 1 && second.from === 1 && source.BYTES_PER_ELEMENT === 4;
  const copy = inner.from === 1 && inner.to === 1 ? copyRuns : isTranspose && loops ? transposeWith(loops) : copyTiled;
  forEachOffset(dimensions, from.offset, to.offset, (f, t) => copy(source, f, target, t, second, inner));
}

/**
 * Drops dimensions of size one, orders the others by target stride (writes stay local), and joins dimensions that form one run in both
 * arrays.
 */
function mergeDimensions(dimensions: readonly Dimension[]): Dimension[] {
  const ordered = dimensions.filter(({ size }) => size > 1).sort((a, b) => b.to - a.to);
  const merged: Dimension[] = [];
  for (const next of ordered) {
    const last = merged.at(-1);
    if (last && last.from === next.size * next.from && last.to === next.size * next.to) {
      merged[merged.length - 1] = { size: last.size * next.size, from: next.from, to: next.to };
    } else {
      merged.push(next);
    }
  }
  if (merged.length === 0) return [{ size: 1, from: 1, to: 1 }];
  return withFastestSourceBesideInner(merged);
}

/** In a transposing copy, puts the source's fastest dimension next to the target's, so that tiles are local in both. */
function withFastestSourceBesideInner(dimensions: Dimension[]): Dimension[] {
  const inner = dimensions.at(-1)!;
  const outer = dimensions.slice(0, -1);
  if (Math.abs(inner.from) === 1 || outer.length < 2) return dimensions;
  const fastest = outer.reduce((best, d, i) => (Math.abs(d.from) < Math.abs(outer[best]!.from) ? i : best), 0);
  const [moved] = outer.splice(fastest, 1);
  return [...outer, moved!, inner];
}

function forEachOffset(dimensions: readonly Dimension[], from: number, to: number, visit: (from: number, to: number) => void): void {
  const [first, ...rest] = dimensions;
  if (!first) {
    visit(from, to);
    return;
  }
  for (let i = 0; i < first.size; i++) forEachOffset(rest, from + i * first.from, to + i * first.to, visit);
}

function copyRuns(source: Values, from: number, target: Values, to: number, outer: Dimension, inner: Dimension): void {
  const length = inner.size;
  for (let i = 0; i < outer.size; i++) {
    const f = from + i * outer.from;
    const t = to + i * outer.to;
    if (length >= SHORT_RUN) target.set(source.subarray(f, f + length), t);
    else for (let k = 0; k < length; k++) target[t + k] = source[f + k]!;
  }
}

function copyTiled(source: Values, from: number, target: Values, to: number, outer: Dimension, inner: Dimension): void {
  const { from: innerFrom, to: innerTo } = inner;
  const { from: outerFrom, to: outerTo } = outer;
  for (let i0 = 0; i0 < outer.size; i0 += TILE) {
    const i1 = Math.min(i0 + TILE, outer.size);
    for (let k0 = 0; k0 < inner.size; k0 += TILE) {
      const k1 = Math.min(k0 + TILE, inner.size);
      for (let i = i0; i < i1; i++) {
        let f = from + i * outerFrom + k0 * innerFrom;
        let t = to + i * outerTo + k0 * innerTo;
        for (let k = k0; k < k1; k++) {
          target[t] = source[f]!;
          f += innerFrom;
          t += innerTo;
        }
      }
    }
  }
}

/** `copyTiled` for a plain transpose: a vector loop copies whole blocks; values at the edges are copied one by one. */
const transposeWith =
  (loops: Loops): typeof copyTiled =>
  (source, from, target, to, outer, inner) => {
    const [rows, columns] = [inner.size - (inner.size % TRANSPOSE_BLOCK), outer.size - (outer.size % TRANSPOSE_BLOCK)];
    loops.transpose(source.byteOffset + 4 * from, target.byteOffset + 4 * to, rows, columns, 4 * inner.from, 4 * outer.to);
    const right = { ...outer, size: outer.size - columns };
    const below = { ...inner, size: inner.size - rows };
    copyTiled(source, from + columns, target, to + columns * outer.to, right, inner);
    copyTiled(source, from + rows * inner.from, target, to + rows, { ...outer, size: columns }, below);
  };
