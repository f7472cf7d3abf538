import { type KernelConfig, Max, Mean, Min, Sum, type TensorInfo, util } from '@tensorflow/tfjs-core';

import { float32View, type WasmBackend } from '../heap.js';
import { shippedKernel } from '../shipped-kernel.js';

/** A tensor as `[outer, reduced, inner]`: what a reduction over neighboring axes sees. */
interface Layout {
  readonly outer: number;
  readonly reduced: number;
  readonly inner: number;
  readonly outShape: number[];
}

type Reduce = (x: Float32Array, out: Float32Array, layout: Layout) => void;

/**
 * Reductions that read their input in order. As shipped, those over any but the last axes transpose it first, and sums are
 * accumulated one by one in single precision: a sum of more than 2²⁴ ones stays at 2²⁴.
 */
const reduction = (name: string, axisName: string, reduce: Reduce): KernelConfig => {
  const shipped = shippedKernel(name);
  return {
    ...shipped,
    kernelFunc: (params) => {
      const x = params.inputs['x']!;
      const layout = layoutOf(x, params.attrs![axisName] as number | number[], params.attrs!['keepDims'] as boolean);
      if (x.dtype !== 'float32' || !layout) return shipped.kernelFunc(params);
      const backend = params.backend as WasmBackend;
      const out = backend.makeOutput(layout.outShape, 'float32');
      reduce(float32View(backend, x), float32View(backend, out), layout);
      return out;
    },
  };
};

/** Undefined if the axes are not neighbors, or nothing is left to reduce. */
function layoutOf({ shape }: TensorInfo, axis: number | number[], keepDims: boolean): Layout | undefined {
  const axes = util.parseAxisParam(axis, shape).sort((a, b) => a - b);
  const isReduced = (i: number) => axes.includes(i);
  const [first, last] = [axes[0], axes.at(-1)];
  if (first === undefined || last === undefined || shape.includes(0)) return undefined;
  if (shape.some((size, i) => i > first && i < last && !isReduced(i) && size !== 1)) return undefined;
  return {
    outer: util.sizeFromShape(shape.slice(0, first)),
    reduced: util.sizeFromShape(shape.slice(first, last + 1)),
    inner: util.sizeFromShape(shape.slice(last + 1)),
    outShape: keepDims ? shape.map((size, i) => (isReduced(i) ? 1 : size)) : shape.filter((_, i) => !isReduced(i)),
  };
}

const sumOf: Reduce = (x, out, { outer, reduced, inner }) => {
  for (let o = 0; o < outer; o++) {
    const from = o * reduced * inner;
    if (inner === 1) out[o] = sumRun(x, from, reduced);
    else sumColumns(x, from, { reduced, inner }, out, o * inner);
  }
};

/** Four columns at a time, whose sums stay in registers. */
function sumColumns(x: Float32Array, from: number, { reduced, inner }: Pick<Layout, 'reduced' | 'inner'>, out: Float32Array, to: number) {
  const end = from + reduced * inner;
  const fours = inner - (inner % 4);
  for (let column = 0; column < fours; column += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let at = from + column; at < end; at += inner) {
      a += x[at]!;
      b += x[at + 1]!;
      c += x[at + 2]!;
      d += x[at + 3]!;
    }
    out[to + column] = a;
    out[to + column + 1] = b;
    out[to + column + 2] = c;
    out[to + column + 3] = d;
  }
  for (let column = fours; column < inner; column++) {
    let sum = 0;
    for (let at = from + column; at < end; at += inner) sum += x[at]!;
    out[to + column] = sum;
  }
}

/** Four sums side by side, so that each waits only for its own last addition. */
function sumRun(x: Float32Array, at: number, length: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = at + length - (length % 4);
  let i = at;
  for (; i < whole; i += 4) {
    a += x[i]!;
    b += x[i + 1]!;
    c += x[i + 2]!;
    d += x[i + 3]!;
  }
  for (; i < at + length; i++) a += x[i]!;
  return a + b + (c + d);
}

const meanOf: Reduce = (x, out, layout) => {
  sumOf(x, out, layout);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! / layout.reduced;
};

/** The first value that `beats` all others; a value that is not a number beats any. */
const extremeOf =
  (beats: (a: number, b: number) => boolean): Reduce =>
  (x, out, { outer, reduced, inner }) => {
    for (let o = 0, at = 0; o < outer; o++) {
      const target = o * inner;
      for (let i = 0; i < inner; i++, at++) out[target + i] = x[at]!;
      for (let r = 1; r < reduced; r++) {
        for (let i = 0; i < inner; i++, at++) if (beats(x[at]!, out[target + i]!) || Number.isNaN(x[at]!)) out[target + i] = x[at]!;
      }
    }
  };

export const sumConfig = reduction(Sum, 'axis', sumOf);
export const meanConfig = reduction(Mean, 'axis', meanOf);
export const maxConfig = reduction(
  Max,
  'reductionIndices',
  extremeOf((a, b) => a > b),
);
export const minConfig = reduction(
  Min,
  'axis',
  extremeOf((a, b) => a < b),
);
