import { setFlagsFromString } from 'node:v8';

import { randomInput } from '@netspace/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { A_STEPS_IN_RUNS, B_STEPS_IN_RUNS, type GemmFunction, gemmModule, SCRATCH_BYTES } from './gemm-module.js';
import { TILE_COLUMNS } from './microkernel.js';
import { comesInRuns, type Index, indexSize, writeOffsets } from './offsets.js';
import { maxChunks, splitProduct } from './split-product.js';

const SCRATCH = 0;
const TABLES = SCRATCH_BYTES;
const A = TABLES + 40_000;
const B = A + 400_000;
const C = B + 400_000;

setFlagsFromString('--experimental-wasm-relaxed-simd'); // Node 20 has it behind this flag

describe.each([
  { fused: true, shared: false },
  { fused: false, shared: false },
  { fused: true, shared: true },
])('the product with %o', ({ fused, shared }) => {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared });
  let gemm: GemmFunction;
  beforeAll(() => {
    const bytes = gemmModule({ fused, shared });
    gemm = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports['gemm'] as GemmFunction;
  });

  /** The product by its definition and by the module, over the same tables. */
  function products(aLines: Index, aSteps: Index, bSteps: Index, bColumns: Index, share?: readonly [number, number]) {
    const [lines, steps, columns] = [indexSize(aLines), indexSize(aSteps), indexSize(bColumns)];
    const ints = new Int32Array(memory.buffer, TABLES, 10_000);
    let at = 0;
    const [al, as, bs, bc, cl] = [aLines, aSteps, bSteps, bColumns, [[lines, columns]] as Index].map((index) => {
      const first = at;
      at += writeOffsets(index, ints, at);
      return { address: TABLES + 4 * first, offsets: ints.slice(first, at) };
    }) as [Table, Table, Table, Table, Table];
    const [a, b, c] = [A, B, C].map((address) => new Float32Array(memory.buffer, address, 100_000)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    a.set(randomInput([100_000], 1).values);
    b.set(randomInput([100_000], 2).values);
    c.fill(7);
    const flags = (comesInRuns(aSteps) ? A_STEPS_IN_RUNS : 0) | (comesInRuns(bSteps) ? B_STEPS_IN_RUNS : 0);
    const [begin, end] = share ?? [0, lines];
    gemm(A, al.address, as.address, B, bs.address, bc.address, C, cl.address, begin, end, columns, steps, SCRATCH, flags);
    const expected = Array.from({ length: lines * columns }, (_, i) => {
      const [line, column] = [Math.floor(i / columns), i % columns];
      if (line < begin || line >= end) return 7;
      let sum = 0;
      for (let k = 0; k < steps; k++) sum += a[(al.offsets[line]! + as.offsets[k]!) / 4]! * b[(bs.offsets[k]! + bc.offsets[column]!) / 4]!;
      return sum;
    });
    return { got: Array.from(c.subarray(0, lines * columns)), expected };
  }
  interface Table {
    readonly address: number;
    readonly offsets: Int32Array;
  }
  const expectSame = ({ got, expected }: { got: number[]; expected: number[] }) =>
    expected.forEach((value, i) => expect(Math.abs(got[i]! - value)).toBeLessThan(1e-4));

  it.each([
    [1, 1, 1],
    [5, 8, 4],
    [6, 9, 5],
    [13, 17, 300],
    [3, 530, 7],
    [7, 6, 275],
  ])('is that of the definition for %i lines, %i columns, %i steps, in all four layouts', (lines, columns, steps) => {
    for (const [aLine, aStep] of [
      [steps, 1],
      [1, lines],
    ] as const)
      // prettier-ignore
      for (const [bStep, bColumn] of [[columns, 1], [1, steps]] as const) // prettier-ignore
        expectSame(products([[lines, aLine]], [[steps, aStep]], [[steps, bStep]], [[columns, bColumn]]));
  });

  it('reads patches, and lines that are neighbors only in part', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 9 }),
        (size, taps, channels) => {
          const row = 20 * channels;
          const pixels: Index = [[size, row], [size, channels]]; // prettier-ignore
          const patch: Index = [[taps, row], [taps, channels], [channels, 1]]; // prettier-ignore
          expectSame(products(pixels, patch, [[taps * taps * channels, 5]], [[5, 1]]));
          expectSame(products(patch, pixels, [[size * size, 5]], [[5, 1]]));
        },
      ),
      { numRuns: 20 },
    ));

  it('sees where runs of neighbors end', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 1, max: 9 }) }), {
          minLength: 1,
          maxLength: 2,
        }),
        fc.integer({ min: 1, max: 11 }),
        (outer, run) => {
          const steps: Index = [...outer.map(({ size, stride }) => [size, stride] as const), [run, 1]];
          expectSame(products([[6, 50]], steps, steps, [[9, 60]])); // prettier-ignore
        },
      ),
      { numRuns: 100 },
    ));

  it('leaves lines outside its share alone', () => expectSame(products([[20, 3]], [[3, 1]], [[3, 9]], [[9, 1]], [5, 15])));
});

describe('splitProduct', () => {
  const sizes = fc.record({
    lines: fc.integer({ min: 1, max: 3000 }),
    columns: fc.integer({ min: 1, max: 3000 }),
    threads: fc.integer({ min: 2, max: 8 }),
  });

  it('covers every line and column once, in no more chunks than a job holds', () =>
    fc.assert(
      fc.property(sizes, ({ lines, columns, threads }) => {
        const chunks = splitProduct(lines, columns, threads, 5);
        expect(chunks.length).toBeLessThanOrEqual(maxChunks(threads));
        expect(chunks.reduce((sum, c) => sum + (c.lineEnd - c.lineBegin) * (c.columnEnd - c.columnBegin), 0)).toBe(lines * columns);
        for (const a of chunks) {
          expect([a.lineBegin % 5, a.columnBegin % TILE_COLUMNS]).toEqual([0, 0]);
          const overlaps = chunks.filter(
            (b) => a.lineBegin < b.lineEnd && b.lineBegin < a.lineEnd && a.columnBegin < b.columnEnd && b.columnBegin < a.columnEnd,
          );
          expect(overlaps).toEqual([a]);
        }
      }),
    ));

  it('gives each thread several chunks of many lines, or columns', () => {
    expect(splitProduct(16_384, 128, 2, 5)).toHaveLength(8);
    expect(splitProduct(1152, 1250, 2, 5)).toHaveLength(6);
    expect(splitProduct(100, 16, 2, 5)).toHaveLength(2);
  });
});
