import { refusalOf } from '@netspace/testing/option-refusals';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';

import {
  abortSignal,
  anything,
  architecture,
  architectures,
  classIds,
  count,
  decay,
  finite,
  flag,
  functionOf,
  instance,
  instances,
  limitsOf,
  nonNegative,
  numberOf,
  positive,
  prepShape,
  seed,
  share,
  text,
  thing,
  whole,
} from './option-kinds.js';
import {
  byKind,
  choose,
  forbidden,
  type GivenBy,
  listOf,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  refuseOptions,
  refuseUnknown,
  type UsedBy,
  withDefault,
} from './options.js';
import { unresolvedArchitecture } from '../unresolved-architecture.js';

const options = objectOf({
  prepShape,
  learningRate: withDefault(positive, 1e-4),
  sampling: withDefault(oneOf(['shuffled', 'balanced']), 'shuffled'),
  batch: withDefault(objectOf({ nets: withDefault(count, 8), share: optional(share) }), {}),
  milestones: optional(listOf(count, 'a list of steps', 1)),
  task: optional(byKind('kind', { sdf: objectOf({ kind: oneOf(['sdf']), bounds: positive }), weights: objectOf({ kind: oneOf(['weights']) }) })),
  cache: optional(choose('true, false or auto', (given) => (given === 'auto' ? oneOf(['auto']) : flag))),
  signal: optional(abortSignal),
}); // prettier-ignore
const parse = (given: unknown) => parseOptions('train', options, given);
const refusal = (given: unknown): string => refusalOf(() => parse(given));

describe('parseOptions', () => {
  it('fills in defaults and keeps what is given', () => {
    const { signal } = new AbortController();
    expect(parse({ prepShape: [8, 400], signal, learningRate: undefined })).toEqual({
      ...{ prepShape: [8, 400], learningRate: 1e-4, sampling: 'shuffled', batch: { nets: 8 }, signal },
    });
    expect(
      parse({ prepShape: [8, 400], batch: { nets: 2 }, task: { kind: 'sdf', bounds: 1 }, cache: 'auto', milestones: [3] }),
    ).toMatchObject({
      ...{ batch: { nets: 2 }, task: { kind: 'sdf', bounds: 1 }, cache: 'auto', milestones: [3] },
    });
  });

  it('has the types that the description says', () => {
    expectTypeOf<GivenBy<typeof options>>().toExtend<{
      readonly prepShape: readonly [number, number];
      readonly learningRate?: number | undefined;
      readonly sampling?: 'shuffled' | 'balanced' | undefined;
    }>();
    expectTypeOf<{ readonly prepShape: readonly [8, 400] }>().toExtend<GivenBy<typeof options>>();
    expectTypeOf<UsedBy<typeof options>['sampling']>().toEqualTypeOf<'shuffled' | 'balanced'>();
    expectTypeOf<UsedBy<typeof options>['batch']['nets']>().toEqualTypeOf<number>();
  });

  it.each([
    [{ prepShape: [8, 400], learnigRate: 1 }, 'train: unknown option learnigRate; did you mean learningRate?'],
    [{}, 'train: expected prepShape to be [height, width] in positive integers, such as [8, 400], got nothing'],
    [{ prepShape: '8x400' }, "such as [8, 400], got '8x400'; did you mean [8, 400]?"],
    [{ prepShape: [8, 400, 1] }, 'such as [8, 400], got [8, 400, 1]'],
    [{ prepShape: [8, 4], learningRate: '0.1' }, "expected learningRate to be a positive number, got '0.1'; did you mean 0.1?"],
    [{ prepShape: [8, 4], learningRate: NaN }, 'expected learningRate to be a positive number, got NaN'],
    [
      { prepShape: [8, 4], sampling: 'balancd' },
      "expected sampling to be one of 'shuffled', 'balanced', got 'balancd'; did you mean 'balanced'?",
    ],
    [{ prepShape: [8, 4], batch: { net: 2 } }, 'train: unknown option batch.net; did you mean nets?'],
    [{ prepShape: [8, 4], batch: { tractors: 2 } }, 'train: unknown option batch.tractors; expected one of nets, share'],
    [{ prepShape: [8, 4], batch: [] }, 'expected batch to be an object, got []'],
    [{ prepShape: [8, 4], milestones: [] }, 'expected milestones to be a list of steps, got []'],
    [{ prepShape: [8, 4], milestones: [1, 0] }, 'expected milestones.1 to be a positive integer, got 0'],
    [{ prepShape: [8, 4], task: { kind: 'sfd' } }, "expected task.kind to be one of 'sdf', 'weights', got 'sfd'; did you mean 'sdf'?"],
    [{ prepShape: [8, 4], task: {} }, "expected task.kind to be one of 'sdf', 'weights', got nothing"],
    [{ prepShape: [8, 4], task: { kind: 'sdf' } }, 'expected task.bounds to be a positive number, got nothing'],
    [{ prepShape: [8, 4], task: { kind: 'weights', bounds: 1 } }, 'unknown option task.bounds; expected one of kind'],
    [{ prepShape: [8, 4], task: 'sdf' }, "expected task to be an object with kind 'sdf', 'weights', got 'sdf'"],
    [{ prepShape: [8, 4], cache: 1 }, 'expected cache to be true or false, got 1'],
    [{ prepShape: [8, 4], toString: 1 }, 'unknown option toString'],
    ['8x400', "train: expected options to be an object, got '8x400'"],
    [undefined, 'train: expected options to be an object, got nothing'],
  ])('refuses %j by name, with the nearest valid form', (given, message) => {
    expect(refusal(given)).toContain(message);
  });

  it('names everything that is wrong at once', () => {
    expect(refusal({ learningRate: 0, lernRate: 1 })).toMatch(/unknown option lernRate; .*prepShape .*; expected learningRate /);
  });

  it('refuses every unknown key and every wrong kind by name', () => {
    const keys = Object.keys(options.entries);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }).filter((key) => !keys.includes(key) && key !== '__proto__'), fc.anything(), (key, value) => {
        expect(refusal({ prepShape: [8, 4], [key]: value })).toContain(`unknown option ${key}`);
      }),
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.oneof(fc.constantFrom(-1, NaN, Symbol('s'), 7n, null, 'x', () => 0), fc.array(fc.string(), { minLength: 1 })), (key, value) => {
        expect(refusal({ prepShape: [8, 4], [key]: value })).toMatch(new RegExp(`expected ${key}[. ]`));
      }),
    ); // prettier-ignore
  });
});

describe('refuseOptions', () => {
  it('refuses what means nothing here, and only if it is given', () => {
    expect(() => refuseOptions('train', { alpha: undefined, beta: 1 }, ['alpha'], 'with one architecture')).not.toThrow();
    expect(() => refuseOptions('train', { alpha: 0 }, ['alpha'], 'with one architecture')).toThrow(
      /^train: expected no alpha with one architecture, got 0; leave it out$/,
    );
  });
});

describe('refuseUnknown', () => {
  it('passes what is known, and names what is not with the nearest that is', () => {
    expect(() => refuseUnknown('rawTensor', { dtype: 'F32' }, ['dtype', 'shape'])).not.toThrow();
    expect(() => refuseUnknown('rawTensor', { dtpye: 'F32' }, ['dtype', 'shape'])).toThrow(
      /^rawTensor: unknown option dtpye; did you mean dtype\?$/,
    );
    expect(() => refuseUnknown('rawTensor', { anything: 1 }, [])).toThrow(/^rawTensor: unknown option anything; expected none$/);
  });
  it.each([
    ['nothing', undefined, 'nothing'],
    ['null', null, 'null'],
    ['a list', [1], '[1]'],
    ['text', 'F32', "'F32'"],
    ['a function', () => 0, 'a function'],
    ['long text', 'x'.repeat(1000), `'${'x'.repeat(40)}…'`],
    ['a long list', Array(1000).fill(0), 'a list of 1000'],
    ['a list of texts', ['a'], 'a list of 1'],
  ])('refuses %s for options, showing it in a few characters', (_, given, shown) => {
    expect(() => refuseUnknown('rawTensor', given, [])).toThrow(`rawTensor: expected options to be an object, got ${shown}`);
  });
});

type AnyOption = Parameters<typeof parseOptions>[1];

describe('kinds', () => {
  const net = { architecture: unresolvedArchitecture('linear', []), parameters: [] };
  const is = (option: AnyOption, value: unknown): boolean => {
    try {
      parseOptions('f', objectOf({ it: option }), { it: value });
      return true;
    } catch {
      return false;
    }
  };
  const NONE = [undefined, null, '1', NaN, Infinity, [], {}];
  it.each<[string, AnyOption, readonly unknown[], readonly unknown[]]>([
    ['finite', finite, [-1.5, 0, 1e308], NONE],
    ['positive', positive, [1e-45, 1, 1e9], [...NONE, 0, -0, -1]],
    ['nonNegative', nonNegative, [0, 0.5], [...NONE, -1e-9]],
    ['share', share, [0, 0.5, 1], [...NONE, -0.1, 1.1]],
    ['decay', decay, [0, 0.999], [...NONE, -0.1, 1]],
    ['count', count, [1, 2 ** 40], [...NONE, 0, 1.5, -1]],
    ['whole', whole, [0, 7], [...NONE, -1, 0.5]],
    ['seed', seed, [0, 7], [...NONE, -1, 0.5]],
    ['flag', flag, [true, false], ['true', 0, 1, null]],
    ['prepShape', prepShape, [[8, 400]], [[8], [0, 1], [1.5, 2], '8x400', { 0: 1, 1: 1 }]],
    ['functionOf', functionOf(), [Math.abs, () => 0], ['x', {}]],
    ['abortSignal', abortSignal, [new AbortController().signal], [new AbortController(), {}, null]],
    ['anything', anything, [0, null, {}], []],
    ['classIds', classIds, [[], [0, 1]], [[-1], [0.5], ['0'], 0]],
    ['instance', instance, [net], [{ parameters: [] }, null, [net]]],
    ['instances', instances, [[net]], [[], net, [net, null]]],
    ['architecture', architecture, [net.architecture], [net, 'linear']],
    ['architectures', architectures, [[], [net.architecture]], [net.architecture, ['linear'], [null]]],
  ])('%s takes what it says and nothing else', (_, option, right, wrong) => {
    expect(right.filter((value) => !is(option, value))).toEqual([]);
    expect(wrong.filter((value) => is(option, value))).toEqual([]);
  });
  it('raise or lower single limits, to Infinity too, and know no others', () => {
    const limits = objectOf({ limits: limitsOf({ files: 10, bytes: 100 }) });
    expect(parseOptions('read', limits, {})).toEqual({ limits: { files: 10, bytes: 100 } });
    expect(parseOptions('read', limits, { limits: { bytes: Infinity } })).toEqual({ limits: { files: 10, bytes: Infinity } });
    expect(() => parseOptions('read', limits, { limits: { bytes: NaN } })).toThrow(
      'expected limits.bytes to be a number from 0 up, got NaN',
    );
    expect(() => parseOptions('read', limits, { limits: { byte: 1 } })).toThrow('unknown option limits.byte; did you mean bytes?');
  });
  it('propose what text may have meant', () => {
    const message = (option: AnyOption, it: unknown) => () => parseOptions('f', objectOf({ it: option }), { it });
    expect(message(flag, 'true')).toThrow("expected it to be true or false, got 'true'; did you mean true?");
    expect(message(flag, 'yes')).toThrow(/got 'yes'$/);
    expect(message(count, ' 4 ')).toThrow(/did you mean 4\?$/);
    expect(message(count, '')).toThrow(/got ''$/);
    expect(message(prepShape, '0x400')).toThrow(/got '0x400'$/);
    expect(message(oneOf(['sdf']), 'sfd')).toThrow("expected it to be 'sdf', got 'sfd'; did you mean 'sdf'?");
  });
  it('refuse one that means nothing beside others', () => {
    const weights = objectOf({ kind: oneOf(['weights']), alpha: forbidden('with weights') });
    expect(parseOptions('train', weights, { kind: 'weights' })).toEqual({ kind: 'weights' });
    expect(() => parseOptions('train', weights, { kind: 'weights', alpha: 1 })).toThrow(
      'expected alpha to be left out with weights, got 1',
    );
  });
  it('say what they expect', () => {
    const other = objectOf({ even: optional(numberOf('an even number', (value) => value % 2 === 0)), name: optional(text), data: optional(thing<{ size: number }>('a data set', ['size'])) }); // prettier-ignore
    expect(parseOptions('f', other, { even: 2, name: 'x', data: { size: 1 } })).toEqual({ even: 2, name: 'x', data: { size: 1 } });
    expect(() => parseOptions('f', other, { even: 3 })).toThrow('f: expected even to be an even number, got 3');
    expect(() => parseOptions('f', other, { name: 3 })).toThrow('f: expected name to be text, got 3');
    expect(() => parseOptions('f', other, { data: {} })).toThrow('f: expected data to be a data set, got an object');
  });
  it('say how to make a list of networks or architectures of what came', () => {
    const network = { architecture: {}, parameters: [] };
    const lists = objectOf({ instances: optional(instances), architectures: optional(architectures) });
    expect(() => parseOptions('f', lists, { instances: network })).toThrow(/got an object; did you mean \[instance\]\?/);
    expect(() => parseOptions('f', lists, { instances: [{ record: {}, instance: network }] })).toThrow(
      /got a list of 1; did you mean list\.map\(\(\{ instance \}\) => instance\)\?/,
    );
    expect(() => parseOptions('f', lists, { instances: [] })).toThrow(/at least one instance, got \[\]$/);
    const one = { name: 'a', parameters: [], apply: () => undefined };
    expect(() => parseOptions('f', lists, { architectures: one })).toThrow(/got an object; did you mean \[architecture\]\?/);
    expect(() => parseOptions('f', lists, { architectures: ['resnet8'] })).toThrow(/did you mean names\.map/);
  });
});
