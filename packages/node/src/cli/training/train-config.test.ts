import { describe, expect, it } from 'vitest';

import { parseOptions } from '@netspace/prep/internal';

import { trainConfigOptions } from './train-config.js';

const parse = (space: object) => parseOptions('train', trainConfigOptions, { zoo: 'zoo', steps: 1, space });
const read = (space: object) => {
  const { start, units } = parse(space).space;
  return [start, units];
};

describe("a training config's space", () => {
  it('starts as in the paper and sees weights as they are, unless told otherwise', () => {
    expect(read({})).toEqual(['random', 'none']);
    expect(read({ start: 'instance' })).toEqual(['instance', 'none']);
    expect(read({ start: 'instances', units: 'zoo' })).toEqual(['instances', 'zoo']);
    expect(read({ start: 'instances', units: 'zoo-permuted' })).toEqual(['instances', 'zoo-permuted']);
    expect(read({ start: 'instance', units: 'zoo' })).toEqual(['instance', 'zoo']);
  });

  it('has the directions that are asked for', () => {
    expect('directions' in parse({ units: 'zoo' }).space).toBe(false);
    expect(parse({ start: 'instances', units: 'zoo', directions: { seed: 2 } }).space.directions).toEqual({ scale: 3, seed: 2 });
  });

  it.each([
    [{ scaleBias: 'paper', normalize: false }, 'random', 'none'],
    [{ scaleBias: 'instance' }, 'instance', 'none'],
    [{ scaleBias: 'instance', normalize: true }, 'instances', 'zoo'],
    [{ scaleBias: 'paper', normalise: true }, 'random', 'zoo'],
    [{ scaleBias: 'instance', normalise: false }, 'instance', 'none'],
    [{ normalize: true }, 'random', 'zoo'],
  ])('of earlier versions, %j, is still understood', (space, start, units) => {
    expect(read(space)).toEqual([start, units]);
  });

  it.each([
    [{ start: 'instances' }, /expected space\.units to be .*'zoo'/],
    [{ start: 'instance', scaleBias: 'instance' }, /scaleBias/],
    [{ units: 'zoo', normalize: true }, /normalize/],
    [{ scaleBias: 'best' }, /scaleBias/],
    [{ normalise: 'yes' }, /normalise/],
    [{ startt: 'instance' }, /startt/],
    [{ units: 'zoo', directions: { scale: 0 } }, /space\.directions\.scale to be a positive number/],
    [{ start: 'instances', units: 'zoo', directions: { seeds: 1 } }, /seeds/],
  ])('that contradicts itself or means nothing, %j, is refused by name', (space, message) => {
    expect(() => parse(space)).toThrow(message);
  });
});
