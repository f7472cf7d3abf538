import type * as tf from '@tensorflow/tfjs-core';
import { describe, expectTypeOf, it } from 'vitest';

import type { Architecture, Instance } from '../architecture.js';
import { packBatch, type PRepBatch } from './batch.js';

declare const preps: tf.Tensor3D;
declare const matrix: tf.Tensor2D;
declare const instances: readonly Instance[];
declare const architectures: readonly Architecture[];

describe('PRepBatch', () => {
  it('takes PReps with the ClassId and the used rows of each', () => {
    expectTypeOf({ preps, classIds: [0, 1], usedRows: [1, 2] }).toExtend<PRepBatch>();
    expectTypeOf({ preps, classIds: [0, 1] as const, usedRows: [1, 2] as const }).toExtend<PRepBatch>();
  });
  it('does not take PReps alone, a single matrix, or one number for all networks', () => {
    expectTypeOf({ preps }).not.toExtend<PRepBatch>();
    expectTypeOf({ preps, classIds: [0, 1] }).not.toExtend<PRepBatch>();
    expectTypeOf({ preps, usedRows: [1, 2] }).not.toExtend<PRepBatch>();
    expectTypeOf({ preps, classIds: [0, 1], usedRows: 2 }).not.toExtend<PRepBatch>();
    expectTypeOf({ preps: matrix, classIds: [0], usedRows: [1] }).not.toExtend<PRepBatch>();
    expectTypeOf(preps).not.toExtend<PRepBatch>();
  });
  it('cannot be changed by those who read it', () => {
    expectTypeOf<PRepBatch['classIds']>().toEqualTypeOf<readonly number[]>();
    expectTypeOf<PRepBatch['usedRows']>().toEqualTypeOf<readonly number[]>();
  });
  it('comes from instances, a shape and the architectures', () => {
    expectTypeOf(packBatch(instances, { shape: [8, 400], architectures })).toEqualTypeOf<PRepBatch>();
    // @ts-expect-error a shape has two sides
    packBatch(instances, { shape: [8], architectures });
    // @ts-expect-error ClassIds need the architectures
    packBatch(instances, { shape: [8, 400] });
  });
});
