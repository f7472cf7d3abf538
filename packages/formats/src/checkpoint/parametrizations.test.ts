import type { Architecture } from '@netspace/prep';
import { disposeInstances } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import { expect, it } from 'vitest';

import type { RawTensor } from '../raw-tensor.js';
import { instanceFromRawTensors } from './instance-from-tensors.js';

const layer: Architecture<'layer'> = { name: 'layer', parameters: [{ name: 'fc.weight', shape: [2, 3] }], apply: (_, x) => x };
const float = (shape: readonly number[], ...values: readonly number[]): RawTensor => ({
  dtype: 'F32',
  shape,
  data: Float32Array.from(values),
});
const bytes = (...values: readonly number[]): RawTensor => ({ dtype: 'I8', shape: [2, 3], data: Int8Array.from(values) });
const unsigned = (...values: readonly number[]): RawTensor => ({ dtype: 'U8', shape: [2, 3], data: Uint8Array.from(values) });
const weight = (tensors: Readonly<Record<string, RawTensor>>, ignore: readonly string[] = []): number[] => {
  const instance = instanceFromRawTensors(layer, new Map(Object.entries(tensors)), { ignore });
  const values = [...instance.parameters[0]!.dataSync()];
  disposeInstances([instance]);
  return values;
};

// Whole files of PyTorch with these parts, and their truth, are in checkpoints.test.ts.
describeOnRuntimes(
  'weights that a file has in parts',
  () => {
    const codes = bytes(-127, 0, 127, 2, -4, 6);
    it.each<[string, Readonly<Record<string, RawTensor>>, readonly number[]]>([
    ['one scale', { 'fc.weight': codes, 'fc.weight_scale': float([], 0.5) }, [-63.5, 0, 63.5, 1, -2, 3]],
    ['a scale a row', { 'fc.weight': codes, 'fc.weight.scale': float([2], 0.5, 2) }, [-63.5, 0, 63.5, 4, -8, 12]],
    ['a scale a row as a column', { 'fc.weight': codes, 'fc.scales': float([2, 1], 1, 0.5) }, [-127, 0, 127, 1, -2, 3]],
    ['the largest size a row, as bitsandbytes', { 'fc.weight': codes, 'fc.SCB': float([2], 127, 12.7) }, [-127, 0, 127, 0.2, -0.4, 0.6]],
    ['unsigned codes with a zero point', { 'fc.weight': unsigned(128, 0, 255, 1, 2, 3), 'fc.weight_scale': float([1], 0.5), 'fc.weight_zero_point': unsigned(128) }, [0, -64, 63.5, -63.5, -63, -62.5]],
    ['a zero point a row', { 'fc.weight': codes, 'fc.scale': float([1], 1), 'fc.zero_point': float([2], 1, 2) }, [-128, -1, 126, 0, -6, 4]],
  ])('are made of %s', (_, tensors, expected) => {
    const zero = tensors['fc.weight_zero_point'];
    const whole = zero === undefined ? tensors : { ...tensors, 'fc.weight_zero_point': { ...zero, shape: [1], data: Uint8Array.of(128) } as RawTensor };
    weight(whole).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  }); // prettier-ignore

    const DEQUANTIZE = /floating-point weights in fc\.weight, got \w+; dequantize it/;
    const scale = float([], 0.5);
    it.each<[string, Readonly<Record<string, RawTensor>>, string, RegExp]>([
    ['two scales', { 'fc.weight': codes, 'fc.weight_scale': scale, 'fc.scale': scale }, 'UNSUPPORTED', DEQUANTIZE],
    ['two zero points', { 'fc.weight': codes, 'fc.scale': scale, 'fc.zero_point': scale, 'fc.weight_zero_point': scale }, 'UNSUPPORTED', DEQUANTIZE],
    ['unsigned codes without a zero point', { 'fc.weight': unsigned(1, 2, 3, 4, 5, 6), 'fc.scale': scale }, 'UNSUPPORTED', DEQUANTIZE],
    ['a scale a column', { 'fc.weight': codes, 'fc.scale': float([3], 1, 2, 3) }, 'UNSUPPORTED', DEQUANTIZE],
    ['a zero point a column', { 'fc.weight': codes, 'fc.scale': scale, 'fc.zero_point': float([3], 1, 2, 3) }, 'UNSUPPORTED', DEQUANTIZE],
    [
      'a mask of another shape',
      { 'fc.weight_orig': float([2, 3], 1, 2, 3, 4, 5, 6), 'fc.weight_mask': float([3, 2], 1, 1, 1, 1, 1, 1) },
      ...(['SHAPE_MISMATCH', /expected fc\.weight_mask to go with fc\.weight_orig \[2,3\], got \[3,2\]/] as const),
    ],
    [
      'vectors of another length',
      { 'fc.weight_orig': float([2, 3], 1, 2, 3, 4, 5, 6), 'fc.weight_u': float([3], 1, 0, 0), 'fc.weight_v': float([2], 1, 0) },
      ...(['SHAPE_MISMATCH', /expected fc\.weight_u to go with fc\.weight_orig \[2,3\], got \[3\]/] as const),
    ],
    [
      'sizes of another number',
      { 'fc.weight_v': float([2, 3], 1, 2, 3, 4, 5, 6), 'fc.weight_g': float([4, 1], 1, 2, 3, 4) },
      ...(['SHAPE_MISMATCH', /expected fc\.weight_g to go with fc\.weight_v \[2,3\], got \[4,1\]/] as const),
    ],
    ['the plain weight beside its parts', { 'fc.weight': scale, 'fc.weight_v': float([2, 3], 1, 2, 3, 4, 5, 6), 'fc.weight_g': scale }, 'SHAPE_MISMATCH', /as \[2,3\], got \[\]/],
  ])('are refused with %s', (_, tensors, code, message) => {
    expect(() => weight(tensors, ['*scale', '*zero_point'])).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  }); // prettier-ignore

    it('are one network if they are in a file twice with the same numbers, and two with others', () => {
    const parts = (prefix: string, size: number) => ({
      [`${prefix}fc.weight_v`]: float([2, 3], 3, 0, 4, 0, 5, 12),
      [`${prefix}fc.weight_g`]: float([2, 1], size, 1),
    });
    const expected = [3, 0, 4, 0, 5 / 13, 12 / 13];
    weight({ ...parts('model.', 5), ...parts('ema.', 5) }).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    expect(() => weight({ ...parts('model.', 5), ...parts('ema.', 6) })).toThrow(/under 'model\.', 'ema\.' with different values; say which with prefix/);
    const plain = { 'fc.weight': float([2, 3], 3, 0, 4, 0, 5, 12) };
    expect(() => weight({ ...plain, 'ema.fc.weight': { dtype: 'F64', shape: [2, 3], data: Float64Array.of(3, 0, 4, 0, 5, 12) } })).toThrow(/different values/);
  }); // prettier-ignore
  },
  { runtimes: ['cpu'] },
);
