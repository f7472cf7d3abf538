import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseCifar10 } from './cifar10.js';

const RECORD = 3073;

const record = (label: number, pixel: (plane: number, i: number) => number): number[] => [
  label,
  ...[0, 1, 2].flatMap((plane) => Array.from({ length: 1024 }, (_, i) => pixel(plane, i))),
];

describe('parseCifar10', () => {
  it('puts plane c, pixel i of record n at n·3072 + 3i + c', () => {
    const bytes = Uint8Array.from([...record(3, (plane, i) => plane * 80 + (i % 80)), ...record(9, (plane) => 200 + plane)]);
    const { images, labels, count, shape, classes } = parseCifar10(bytes);
    expect({ labels: [...labels], count, shape, classes }).toEqual({ labels: [3, 9], count: 2, shape: [32, 32, 3], classes: 10 });
    expect([...images.subarray(0, 6)]).toEqual([0, 80, 160, 1, 81, 161]);
    expect([...images.subarray(3 * 1023, 3 * 1024)]).toEqual([1023 % 80, 80 + (1023 % 80), 160 + (1023 % 80)]);
    expect([...images.subarray(3072, 3075)]).toEqual([200, 201, 202]);
  });

  it('keeps every byte of every record', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: RECORD, maxLength: RECORD }), fc.nat(1023), fc.nat(2), (bytes, i, plane) => {
        bytes[0] = bytes[0]! % 10;
        expect(parseCifar10(bytes).images[3 * i + plane]).toBe(bytes[1 + 1024 * plane + i]);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a cut file, a label above 9 and more images than the limit', () => {
    expect(() => parseCifar10(new Uint8Array(RECORD + 1))).toThrow(/whole records of 3073 bytes .* got 3074 bytes/);
    expect(() => parseCifar10(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
    expect(() => parseCifar10(new Uint8Array(2 * RECORD).fill(10, RECORD))).toThrow(/got 10 in record 1/);
    expect(() => parseCifar10(new Uint8Array(2 * RECORD), { limits: { images: 1 } })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining('at most 1 images') }),
    );
  });
});
