import { broadcast_util } from '@tensorflow/tfjs-core';

import { contiguousStrides } from '../copy/contiguous-strides.js';

/** A run of a broadcast operation: its beginnings in both operands and the result, and whether each operand moves along it. */
export interface BroadcastRun {
  readonly a: number;
  readonly b: number;
  readonly out: number;
  readonly length: number;
  readonly aMoves: boolean;
  readonly bMoves: boolean;
}

interface Dimension {
  readonly size: number;
  readonly a: number;
  readonly b: number;
}

/** Splits a broadcast operation into the longest runs over which each operand either moves by one or stays. */
export function forEachBroadcastRun(aShape: number[], bShape: number[], visit: (run: BroadcastRun) => void): void {
  const outShape = broadcast_util.assertAndGetBroadcastShape(aShape, bShape);
  if (outShape.includes(0)) return;
  const [a, b] = [aShape, bShape].map((shape) => broadcastStrides(shape, outShape.length)) as [number[], number[]];
  const dimensions = joinDimensions(outShape.map((size, i) => ({ size, a: a[i]!, b: b[i]! })));
  const inner = dimensions.pop()!;
  let out = 0;
  const walk = ([first, ...rest]: readonly Dimension[], aAt: number, bAt: number): void => {
    if (!first) {
      visit({ a: aAt, b: bAt, out, length: inner.size, aMoves: inner.a === 1, bMoves: inner.b === 1 });
      out += inner.size;
      return;
    }
    for (let i = 0; i < first.size; i++) walk(rest, aAt + i * first.a, bAt + i * first.b);
  };
  walk(dimensions, 0, 0);
}

/**
 * The distance in an operand of each step along the result's dimensions: 0 along dimensions that the operand lacks or has with size one.
 */
function broadcastStrides(shape: readonly number[], rank: number): number[] {
  const strides = contiguousStrides(shape).map((stride, i) => (shape[i] === 1 ? 0 : stride));
  return [...Array<number>(rank - shape.length).fill(0), ...strides];
}

function joinDimensions(dimensions: readonly Dimension[]): Dimension[] {
  const joined: Dimension[] = [];
  for (const next of dimensions.filter(({ size }) => size > 1)) {
    const last = joined.at(-1);
    if (last && last.a === next.size * next.a && last.b === next.size * next.b) {
      joined[joined.length - 1] = { size: last.size * next.size, a: next.a, b: next.b };
    } else {
      joined.push(next);
    }
  }
  return joined.length > 0 ? joined : [{ size: 1, a: 0, b: 0 }];
}
