import { setFlagsFromString } from 'node:v8';

import { randomInput } from '@netspace/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { splitLines } from './engine.js';
import { A_STEPS_IN_FOURS, B_STEPS_IN_FOURS, type GemmFunction, gemmModule, SCRATCH_BYTES } from './gemm-module.js';
import { comesInFours, type Index, indexSize, writeOffsets } from './offsets.js';

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
    const flags = (comesInFours(aSteps) ? A_STEPS_IN_FOURS : 0) | (comesInFours(bSteps) ? B_STEPS_IN_FOURS : 0);
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
  ])('is that of the definition for %i lines, %i columns, %i steps, in all four layouts', (lines, columns, steps) => {
    for (const [aLine, aStep] of [
      [steps, 1],
      [1, lines],
    ] as const)
      // prettier-ignore
      for (const [bStep, bColumn] of [[columns, 1], [1, steps]] as const) // prettier-ignore
        expectSame(products([[lines, aLine]], [[steps, aStep]], [[steps, bStep]], [[columns, bColumn]]));
  });

  it('reads patches, and lines that are neighbours only in part', () =>
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

  it('leaves lines outside its share alone', () => expectSame(products([[20, 3]], [[3, 1]], [[3, 9]], [[9, 1]], [5, 15])));
});

describe('splitLines', () => {
  it.each([
    [
      100,
      2,
      5,
      [
        [0, 50],
        [50, 100],
      ],
    ],
    [
      11,
      2,
      5,
      [
        [0, 5],
        [5, 11],
      ],
    ],
    [4, 3, 5, [[0, 4]]],
    [
      12,
      4,
      4,
      [
        [0, 4],
        [4, 8],
        [8, 12],
      ],
    ],
  ])('splits %i lines in %i shares of tiles of %i', (lines, shares, tile, expected) => {
    // prettier-ignore
    expect(splitLines(lines, shares, tile)).toEqual(expected);
  });
});
