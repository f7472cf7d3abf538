import { describe, expect, it } from 'vitest';

import { requiredPRepShape } from './prep-shape.js';
import { unresolvedArchitecture } from '../unresolved-architecture.js';

const ofSize = (count: number) => unresolvedArchitecture(`w${count}`, [{ name: 'w', shape: [count] }]);

describe('requiredPRepShape', () => {
  it.each([
    [78_000, 8],
    [80_000, 8],
    [80_001, 12],
    [0, 4],
  ])('for %i parameters is %i high', (count, height) => {
    expect(requiredPRepShape(ofSize(count))).toEqual([height, 10_000]);
  });
  it('holds the largest of several', () => {
    expect(requiredPRepShape([ofSize(10), ofSize(35), ofSize(20)], { width: 8, heightMultiple: 1 })).toEqual([5, 8]);
  });
  it('refuses an empty list and options that are no positive integers', () => {
    expect(() => requiredPRepShape([])).toThrow(/at least one architecture/);
    expect(() => requiredPRepShape(ofSize(1), { width: 0 })).toThrow(/width to be a positive integer, got 0/);
    expect(() => requiredPRepShape(ofSize(1), { heightMultiple: 1.5 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
  it('refuses what is no architecture, an instance by name', () => {
    const untyped = requiredPRepShape as (architectures?: unknown) => unknown;
    const instance = { architecture: ofSize(1), parameters: [] };
    expect(() => untyped()).toThrow(/at least one architecture, got nothing/);
    expect(() => untyped('resnet8')).toThrow(/at least one architecture, got 'resnet8'/);
    expect(() => untyped([ofSize(1), instance])).toThrow(/got an instance; take its `architecture`/);
  });
});
