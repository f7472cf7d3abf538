import { describe, expect, it } from 'vitest';

import { parseValAnnotations, parseWnids, parseWords } from './tiny-imagenet-index.js';

describe('parseWnids', () => {
  it('keeps the order of the file, with either line ending', () => {
    expect(parseWnids('n07875152\r\nn02124075\n')).toEqual(['n07875152', 'n02124075']);
  });

  it.each([
    ['n07875152\nhello', /line 2 of wnids\.txt, got "hello"/],
    ['n07875152\n\nn07875152\n', /once in line 3/],
    ['', /at least one/],
  ])('refuses %j', (text, message) => {
    expect(() => parseWnids(text)).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
    expect(() => parseWnids(text)).toThrow(message);
  });
});

describe('parseWords', () => {
  it('maps ids to names', () => {
    expect([...parseWords('n02233338\tcockroach, roach\nn02486410\tbaboon\n')]).toEqual([
      ['n02233338', 'cockroach, roach'],
      ['n02486410', 'baboon'],
    ]);
  });

  it('refuses a line without a tab, naming it', () => {
    expect(() => parseWords('n02233338\tcockroach\nn02486410 baboon')).toThrow(/line 2 of words\.txt/);
  });
});

describe('parseValAnnotations', () => {
  it('reads file and class, and leaves the box', () => {
    expect(parseValAnnotations('val_11.JPEG\tn07753592\t0\t1\t63\t47\n')).toEqual([{ file: 'val_11.JPEG', wnid: 'n07753592' }]);
  });

  it.each(['../../etc/passwd\tn07753592', '/etc/passwd\tn07753592', '.hidden\tn07753592', 'val_1.JPEG\tcat', 'val_1.JPEG'])(
    'refuses %j',
    (line) => {
      expect(() => parseValAnnotations(`val_0.JPEG\tn07753592\n${line}\n`)).toThrow(/line 2 of val_annotations\.txt/);
    },
  );
});
