import type { InstanceRecord } from '@netspace/zoo';
import { describe, expect, it } from 'vitest';

import { conditionOption } from './condition.js';

const record = {
  epochs: 3,
  seed: 7,
  parameterCount: 100,
  classId: 1,
  metrics: { testAccuracy: 0.5, 'a-b': -1e-3 },
} as unknown as InstanceRecord;
const holds = (text: string): boolean => conditionOption(text)[0]!.holds(record);

describe('conditionOption', () => {
  it.each([
    ['testAccuracy>0.4', true],
    ['testAccuracy > 0.5', false],
    ['testAccuracy>=0.5', true],
    ['testAccuracy<=.5', true],
    ['testAccuracy<0.5', false],
    ['testAccuracy!=0.5', false],
    ['testAccuracy=5e-1', true],
    ['a-b=-0.001', true],
    ['epochs<4', true],
    ['seed=7', true],
    ['parameterCount>=101', false],
    ['classId=1', true],
    ['nothing<1', false],
  ] as const)('%s is %s', (text, expected) => expect(holds(text)).toBe(expected));
  it('says which networks lack the number', () => {
    expect(conditionOption('nothing<1')[0]!.has(record)).toBe(false);
    expect(conditionOption('seed<1')[0]!.has(record)).toBe(true);
  });
  it('keeps those before', () => {
    expect(conditionOption('seed<1', conditionOption('epochs>2')).map(({ text }) => text)).toEqual(['epochs>2', 'seed<1']);
  });
  it.each(['', 'seed', '>3', 'seed>', 'seed>x', 'seed>1>2'])('refuses %j', (text) => {
    expect(() => conditionOption(text)).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' }));
  });
});
