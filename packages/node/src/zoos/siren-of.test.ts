import type { RawTensor } from '@netspace/formats';
import { describe, expect, it } from 'vitest';

import { sirenOf } from './siren-of.js';

/** Layers of a SIREN of 2 coordinates and one value, under some numbers. */
const layers = (prefix: string, ...numbers: readonly number[]): ReadonlyMap<string, RawTensor> => {
  const raw = (...shape: readonly number[]): RawTensor => ({
    dtype: 'F32',
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  return new Map(
    numbers.flatMap((number, i): [string, RawTensor][] => {
      const [outputs, inputs] = [i === numbers.length - 1 ? 1 : 4, i === 0 ? 2 : 4];
      return [[`${prefix}.${number}.weight`, raw(outputs, inputs)], [`${prefix}.${number}.bias`, raw(outputs)]]; // prettier-ignore
    }),
  );
};

describe('sirenOf', () => {
  it.each([
    ['seq', [0, 1, 2]],
    ['seq', [0, 2, 4]],
    ['mlp', [0, 2, 4]],
    ['net', [0, 1, 2]],
  ])('reads %s.i with numbers %j', (prefix, numbers) =>
    expect(sirenOf(layers(prefix, ...numbers), {})?.architecture.name).toBe('siren-2-4x1-1'),
  );
  it.each([[[0, 1, 3]], [[0, 2, 3]], [[1, 2, 3]], [[0, 3, 6]], [[0, 2, 6]]])(
    'refuses numbers between which a layer is missing: %j',
    (numbers) => {
      expect(() => sirenOf(layers('seq', ...numbers), {})).toThrow(new RegExp(`got ${numbers.join(', ')}: a layer is missing`));
    },
  );
});
