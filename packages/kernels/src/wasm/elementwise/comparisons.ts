import type { KernelConfig, TypedArray } from '@tensorflow/tfjs-core';

import type { Comparison } from '../assembler.js';
import { broadcastKernel } from './broadcast-kernel.js';
import type { BroadcastRun } from './broadcast-runs.js';
import { COMPARISON_NAMES, COMPARISONS_AT_A_TIME, type Loops } from '../loops/loop-module.js';
import { loopsOf } from '../loops/loops.js';

const HOLDS: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  Equal: (a, b) => a === b,
  NotEqual: (a, b) => a !== b,
  Less: (a, b) => a < b,
  LessEqual: (a, b) => a <= b,
  Greater: (a, b) => a > b,
  GreaterEqual: (a, b) => a >= b,
};

/** For each comparison of `a` with `b`, the equal comparison of `b` with `a`. */
const TURNED = {
  Equal: 'Equal',
  NotEqual: 'NotEqual',
  Less: 'Greater',
  LessEqual: 'GreaterEqual',
  Greater: 'Less',
  GreaterEqual: 'LessEqual',
} as const;

/** Comparisons of floats, sixteen at a time; as shipped, broadcasting (the max gradient's) allocates vectors for every element. */
export const comparisonConfigs: readonly KernelConfig[] = COMPARISON_NAMES.map((name) =>
  broadcastKernel(name, 'bool', (a, b, out, run, backend) => compareRun(loopsOf(backend), name, a, b, out, run)),
);

function compareRun(loops: Loops, name: Comparison, a: Float32Array, b: Float32Array, out: TypedArray, run: BroadcastRun): void {
  if (!run.aMoves && run.bMoves) {
    compareRun(loops, TURNED[name], b, a, out, { ...run, a: run.b, b: run.a, aMoves: true, bMoves: false });
    return;
  }
  const whole = run.aMoves ? run.length - (run.length % COMPARISONS_AT_A_TIME) : 0;
  const loop = run.bMoves ? loops[name] : loops[`${name}Single`];
  if (whole > 0) loop(a.byteOffset + 4 * run.a, b.byteOffset + 4 * run.b, out.byteOffset + run.out, whole);
  const holds = HOLDS[name];
  for (let i = whole; i < run.length; i++) {
    out[run.out + i] = holds(a[run.a + (run.aMoves ? i : 0)]!, b[run.b + (run.bMoves ? i : 0)]!) ? 1 : 0;
  }
}
