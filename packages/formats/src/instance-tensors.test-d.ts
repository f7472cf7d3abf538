import { describe, expectTypeOf, it } from 'vitest';

import type { InstanceToRawTensorsOptions } from './instance-tensors.js';
import type { RawTensor } from './raw-tensor.js';

describe('InstanceToRawTensorsOptions', () => {
  it('takes two types of numbers, and may be left out', () => {
    expectTypeOf<{ dtype: 'float32' }>().toExtend<InstanceToRawTensorsOptions>();
    expectTypeOf<{ dtype: 'float16' }>().toExtend<InstanceToRawTensorsOptions>();
    expectTypeOf<{ dtype?: 'float16' }>().toExtend<InstanceToRawTensorsOptions>();
  });
  it('takes no other type, and not the names of safetensors', () => {
    expectTypeOf<{ dtype: 'bfloat16' }>().not.toExtend<InstanceToRawTensorsOptions>();
    expectTypeOf<{ dtype: 'F16' }>().not.toExtend<InstanceToRawTensorsOptions>();
    expectTypeOf<{ dtype: string }>().not.toExtend<InstanceToRawTensorsOptions>();
  });
});

describe('RawTensor', () => {
  it('knows its array by its type', () => {
    expectTypeOf<Extract<RawTensor, { dtype: 'F32' }>['data']>().toEqualTypeOf<Float32Array>();
    expectTypeOf<Extract<RawTensor, { dtype: 'F16' }>['data']>().toEqualTypeOf<Uint16Array>();
    expectTypeOf<Extract<RawTensor, { dtype: 'I64' }>['data']>().toEqualTypeOf<BigInt64Array>();
  });
  it('refuses an array of another type', () => {
    expectTypeOf<{ dtype: 'F32'; shape: number[]; data: Float32Array }>().toExtend<RawTensor>();
    expectTypeOf<{ dtype: 'F16'; shape: number[]; data: Float32Array }>().not.toExtend<RawTensor>();
    expectTypeOf<{ dtype: 'F32' | 'F16'; shape: number[]; data: Float32Array }>().not.toExtend<RawTensor>();
  });
});
