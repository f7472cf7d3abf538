import { readdirSync, readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readCheckpoint } from './checkpoint/read-checkpoint.js';
import { readNpy } from './npy/read-npy.js';
import { readNpz } from './npy/read-npz.js';
import { writeSafetensors } from './safetensors/safetensors.js';

const folder = new URL('../fixtures/', import.meta.url);
const fixtures = (wanted: RegExp): Uint8Array[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => new Uint8Array(readFileSync(`${entry.parentPath}/${entry.name}`)));
const files = fixtures(/\.(pt|safetensors)$/);
const metadata = { a: 'b', c: '\u{1f600}' };
files.push(writeSafetensors(new Map([['x', { dtype: 'F32', shape: [1], data: new Float32Array(1) }]]), { metadata }));

/** Bytes flipped, overwritten with numbers that matter, cut out, doubled, or taken from another file. */
const mutation = fc.record({
  kind: fc.constantFrom('flip', 'set', 'cut', 'double', 'splice', 'end'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
  value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x28, 0x2e, 0x51, 0x52, 0x62, 0x7b, 0x5b, 0x22),
  other: fc.nat(),
});

function mutate(
  bytes: Uint8Array,
  { kind, at, length, value, other }: typeof mutation extends fc.Arbitrary<infer M> ? M : never,
  donors: readonly Uint8Array[],
): Uint8Array {
  const start = Math.floor(at * bytes.length);
  const [before, piece, after] = [bytes.subarray(0, start), bytes.subarray(start, start + length), bytes.subarray(start + length)];
  if (kind === 'flip') return Uint8Array.from([...before, ...piece.map((byte) => byte ^ (1 << (other % 8))), ...after]);
  if (kind === 'set') return Uint8Array.from([...before, ...piece.map(() => value), ...after]);
  if (kind === 'cut') return Uint8Array.from([...before, ...after]);
  if (kind === 'double') return Uint8Array.from([...before, ...piece, ...piece, ...after]);
  if (kind === 'end') return before.slice();
  const donor = donors[other % donors.length]!;
  return Uint8Array.from([...before, ...donor.subarray(start % donor.length, (start % donor.length) + length), ...after]);
}

/** Reads mutated files, of which each may be read or refused. */
function readMutated(seeds: readonly Uint8Array[], read: (bytes: Uint8Array) => unknown, numRuns: number): void {
  fc.assert(
    fc.property(fc.nat({ max: seeds.length - 1 }), fc.array(mutation, { minLength: 1, maxLength: 6 }), (index, mutations) => {
      const bytes = mutations.reduce((before, one) => mutate(before, one, seeds), seeds[index]!);
      try {
        read(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: 'NetSpaceError', message: expect.stringMatching(/^[^]{1,1000}$/) });
      }
    }),
    { seed: 20261128, numRuns, plugins: [fc.interruptAfterTimeLimit(60_000)] },
  );
}

describe('readers on mutated files', () => {
  it('read or refuse by name, whatever is wrong', () => readMutated(files, (bytes) => readCheckpoint(bytes), 20_000));
  it('of NumPy do so too', () => {
    readMutated(fixtures(/\.npz$/), (bytes) => readNpz(bytes), 1500);
    readMutated(fixtures(/\.npy$/), readNpy, 500);
  });
});
