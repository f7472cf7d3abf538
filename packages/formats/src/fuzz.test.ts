import { readdirSync, readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readCheckpoint } from './checkpoint/read-checkpoint.js';
import { writeSafetensors } from './safetensors/safetensors.js';

const folder = new URL('../fixtures/', import.meta.url);
const files: Uint8Array[] = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(pt|safetensors)$/.test(entry.name))
  .map((entry) => new Uint8Array(readFileSync(`${entry.parentPath}/${entry.name}`)));
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
): Uint8Array {
  const start = Math.floor(at * bytes.length);
  const [before, piece, after] = [bytes.subarray(0, start), bytes.subarray(start, start + length), bytes.subarray(start + length)];
  if (kind === 'flip') return Uint8Array.from([...before, ...piece.map((byte) => byte ^ (1 << (other % 8))), ...after]);
  if (kind === 'set') return Uint8Array.from([...before, ...piece.map(() => value), ...after]);
  if (kind === 'cut') return Uint8Array.from([...before, ...after]);
  if (kind === 'double') return Uint8Array.from([...before, ...piece, ...piece, ...after]);
  if (kind === 'end') return before.slice();
  const donor = files[other % files.length]!;
  return Uint8Array.from([...before, ...donor.subarray(start % donor.length, (start % donor.length) + length), ...after]);
}

describe('readers on mutated files', () => {
  it('read or refuse by name, whatever is wrong', () => {
    fc.assert(
      fc.property(fc.nat({ max: files.length - 1 }), fc.array(mutation, { minLength: 1, maxLength: 6 }), (index, mutations) => {
        const bytes = mutations.reduce(mutate, files[index]!);
        try {
          readCheckpoint(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'NetSpaceError', message: expect.stringMatching(/^[^]{1,1000}$/) });
        }
      }),
      { seed: 20261128, numRuns: 20_000, plugins: [fc.interruptAfterTimeLimit(60_000)] },
    );
  });
});
