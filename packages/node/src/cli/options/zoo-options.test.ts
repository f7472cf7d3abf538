import { describe, expect, it } from 'vitest';

import { pickRecord, pickRecords } from './zoo-options.js';

const record = (name: string) => ({
  ...{ name, architecture: 'a', parameterCount: 1, classId: 0, epochs: 0, seed: 0, metrics: {} },
  ...{ file: '', sha256: '', bytes: 0 },
});
const records = ['chair', 'chair-2', 'stool', 'sofa-1', 'sofa-2', 'sofa-3', 'sofa-4', 'sofa-5', 'sofa-6'].map(record);

describe('pickRecord', () => {
  it('takes a whole name before names that begin with it, and a beginning that is unique', () => {
    expect(pickRecord(records, 'chair', 'zoo').name).toBe('chair');
    expect(pickRecord(records, 'chair-', 'zoo').name).toBe('chair-2');
    expect(pickRecord(records, 'st', 'zoo').name).toBe('stool');
  });
  it('takes a part after the architecture, and an end, that are unique', () => {
    const long = ['a-w0.5-s1-n40', 'a-w0.5-s1-n80', 'a-w0.5-s10-n40', 'a-w0.5-s2-n400'].map((name) => ({
      ...record(name),
      architecture: 'a-w0.5',
    }));
    expect(pickRecord(long, 's1-n40', 'zoo').name).toBe('a-w0.5-s1-n40'); // not that of s10
    expect(pickRecord(long, 's2', 'zoo').name).toBe('a-w0.5-s2-n400');
    expect(pickRecord(long, '80', 'zoo').name).toBe('a-w0.5-s1-n80');
    expect(() => pickRecord(long, 's1', 'zoo')).toThrow(/fits 2 names: a-w0.5-s1-n40, a-w0.5-s1-n80; write more/);
    expect(() => pickRecord(long, '1-N4', 'zoo')).toThrow(/got '1-N4'; did you mean a-w0.5-s1-n40\?; netspace zoo list/);
    expect(() => pickRecord(long, 's9', 'zoo')).toThrow(/got 's9'; netspace zoo list/);
  });
  it('names what a beginning may mean, and how many more there are', () => {
    expect(() => pickRecord(records, 'so', 'zoo')).toThrow(/which fits 6 names: sofa-1, .*sofa-5 and 1 more; write more of it/);
    expect(() => pickRecord(records, 'x', 'my zoo')).toThrow(/got 'x'; netspace zoo list 'my zoo' shows their names/);
    expect(() => pickRecord(records, '', 'zoo')).toThrow(/expected an instance of zoo, got ''/);
  });
});

describe('pickRecords', () => {
  it('gives all without names, else those in order, each once', () => {
    expect(pickRecords(records, undefined, 'zoo')).toBe(records);
    expect(pickRecords(records, ['st', 'chair'], 'zoo').map(({ name }) => name)).toEqual(['stool', 'chair']);
    expect(() => pickRecords(records, ['stool', 'st'], 'zoo')).toThrow(/got stool twice, the second time as 'st'/);
  });
});
