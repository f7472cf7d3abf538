import type { Architecture, Instance, PRepBatch } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';
import { describe, expectTypeOf, it } from 'vitest';

import type { SaveOptions } from './files/save.js';
import type { NetSpaceOptions } from './net-space-options.js';
import { NetSpace, type PredictedInstance } from './net-space.js';
import type { StartedFrom } from './start.js';
import type { Normalization } from './units/units.js';

declare const architectures: readonly Architecture[];
declare const instance: Instance;
declare const instances: readonly Instance[];
declare const weights: Readonly<Record<string, tf.Tensor>>;
declare const normalization: Normalization;
declare const space: NetSpace;
declare const embeddings: tf.Tensor2D;
declare const preps: tf.Tensor3D;

const prepShape = [8, 400] as const;
const sizes = { architectures, prepShape };
const units = { of: instances };

describe('NetSpaceOptions', () => {
  it('takes each start with the values that it needs', () => {
    expectTypeOf(sizes).toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: { from: 'random' } as const }).toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: { from: 'instance', instance } as const }).toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: { from: 'weights', weights } as const }).toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: { from: 'instances', instances } as const, units }).toExtend<NetSpaceOptions>();
  });
  it('takes units that are measured, or those of another space', () => {
    expectTypeOf({ ...sizes, units }).toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, units: normalization }).toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: { from: 'instance', instance } as const, units }).toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: { from: 'instances', instances } as const, units: normalization }).toExtend<NetSpaceOptions>();
  });
  it('does not take a start from one network per architecture without units', () => {
    expectTypeOf({ ...sizes, start: { from: 'instances', instances } as const }).not.toExtend<NetSpaceOptions>();
  });
  it('does not take a start without its values, or an unknown one', () => {
    expectTypeOf({ ...sizes, start: { from: 'instance' } as const }).not.toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: { from: 'weights' } as const }).not.toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: { from: 'instances' } as const, units }).not.toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: { from: 'zeros' } as const }).not.toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, start: 'random' as const }).not.toExtend<NetSpaceOptions>();
  });
  it('does not take a list as units, or half of a normalization', () => {
    expectTypeOf({ ...sizes, units: instances }).not.toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, units: { mean: normalization.mean } }).not.toExtend<NetSpaceOptions>();
  });
  it('does not take values of another start, or the options of earlier versions', () => {
    // @ts-expect-error an instance means nothing with a random start
    new NetSpace({ ...sizes, start: { from: 'random', instance } });
    // @ts-expect-error the values belong into `start`
    new NetSpace({ ...sizes, instance });
    // @ts-expect-error now `start`
    new NetSpace({ ...sizes, scaleBias: 'instance' });
    // @ts-expect-error now `units`
    new NetSpace({ ...sizes, normalize: instances });
  });
  it('needs architectures and a PRep of two sides', () => {
    expectTypeOf({ architectures }).not.toExtend<NetSpaceOptions>();
    expectTypeOf({ prepShape }).not.toExtend<NetSpaceOptions>();
    expectTypeOf({ architectures, prepShape: [8] as const }).not.toExtend<NetSpaceOptions>();
    expectTypeOf({ ...sizes, preset: 'huge' as const }).not.toExtend<NetSpaceOptions>();
  });
});

describe('NetSpace', () => {
  it('encodes instances or a batch, but no PReps alone', () => {
    type Targets = Parameters<NetSpace['encode']>[0];
    expectTypeOf<readonly Instance[]>().toExtend<Targets>();
    expectTypeOf<PRepBatch>().toExtend<Targets>();
    expectTypeOf<tf.Tensor3D>().not.toExtend<Targets>();
    expectTypeOf({ preps }).not.toExtend<Targets>();
    expectTypeOf(space.encode(instances)).toEqualTypeOf<tf.Tensor2D>();
  });
  it('instantiates later, or at once for given ClassIds', () => {
    expectTypeOf(space.instantiate(embeddings)).resolves.toEqualTypeOf<readonly PredictedInstance[]>();
    expectTypeOf(space.instantiateAs(embeddings, [0])).toEqualTypeOf<readonly PredictedInstance[]>();
    // @ts-expect-error without ClassIds the class head has to be read first
    space.instantiateAs(embeddings);
  });
  it('never says that it started from weights: they started in another way themselves', () => {
    expectTypeOf(space.startedFrom).toEqualTypeOf<StartedFrom>();
    expectTypeOf<StartedFrom>().toEqualTypeOf<'random' | 'instance' | 'instances'>();
  });
  it('is saved in one of two types of numbers', () => {
    expectTypeOf<{ dtype: 'float32' }>().toExtend<SaveOptions>();
    expectTypeOf<{ dtype: 'float16' }>().toExtend<SaveOptions>();
    expectTypeOf<{ dtype?: 'float16' }>().toExtend<SaveOptions>();
    expectTypeOf<{ dtype: 'bfloat16' }>().not.toExtend<SaveOptions>();
    expectTypeOf<{ dtype: string }>().not.toExtend<SaveOptions>();
  });
});
