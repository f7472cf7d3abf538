import * as fc from 'fast-check';
import { win32, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

import { checkFiles, fileListText, isSafePath, readFileList } from './file-list.js';
import { HUB_LIMITS } from './hub-limits.js';

const sha256 = 'a'.repeat(64);
const bytesOf = (files: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify({ schemaVersion: 1, files }));
const read = (files: unknown) => readFileList('list', bytesOf(files));
const file = (path: string, bytes = 1) => ({ path, bytes, sha256 });

describe('isSafePath', () => {
  it.each([
    'space/space.json',
    'README.md',
    'zoo-heldout/instances/lenet-s0-e0.5.safetensors',
    '.nojekyll',
    '.github/workflows/pages.yml',
    'ä b',
  ])('takes %s', (path) => expect(isSafePath(path)).toBe(true));
  it.each([
    ...[
      '',
      '/a',
      'a/',
      'a//b',
      '..',
      '../a',
      'a/../b',
      './a',
      'a/.',
      'C:/a',
      'a\\b',
      '\\\\host\\a',
      'a:b',
      'a\0b',
      'a\nb',
      'a%2fb',
      'a?b',
      'a#b',
    ],
    ...[
      '.git/config',
      'x/.GIT/hooks/post-checkout',
      'con',
      'NUL.txt',
      'lpt1',
      'a.',
      'a ',
      'a\u202eb',
      'a'.repeat(500),
      'a/'.repeat(20) + 'a',
      7,
    ],
  ])('refuses %j', (path) => expect(isSafePath(path)).toBe(false));

  it('never lets a path out of the folder, by the rules of either system', () => {
    const piece = fc.oneof(fc.constantFrom('..', '.', '/', '\\', 'a', 'C:', '~', ' ', '\0'), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = pieces.join('');
        if (!isSafePath(path)) return;
        expect(posix.normalize(posix.join('/folder', path)).startsWith('/folder/')).toBe(true);
        expect(win32.normalize(win32.join('C:\\folder', path)).startsWith('C:\\folder\\')).toBe(true);
        expect(win32.isAbsolute(path) || posix.isAbsolute(path)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readFileList', () => {
  it('reads what was written', () => {
    const files = [file('a/b'), file('a/c', 0)];
    expect(readFileList('list', new TextEncoder().encode(fileListText(files)))).toEqual(files);
  });
  it.each([
    ['a path that leads out', [file('../x')], 'CORRUPT_FILE', /path within the folder/],
    ['a path twice', [file('a'), file('a')], 'CORRUPT_FILE', /each path once/],
    ['two paths that are one where case is not told apart', [file('Readme'), file('README')], 'CORRUPT_FILE', /each path once/],
    ['two spellings of one letter', [file('\u00e4'), file('a\u0308')], 'CORRUPT_FILE', /each path once/],
    ['a file in a file', [file('a'), file('a/b')], 'CORRUPT_FILE', /each path once/],
    ['a folder over a file', [file('a/b'), file('A')], 'CORRUPT_FILE', /each path once/],
    ['a checksum that is none', [{ ...file('a'), sha256: 'A' }], 'CORRUPT_FILE', /64 hexadecimal digits/],
    ['a negative length', [file('a', -1)], 'CORRUPT_FILE', /whole number/],
    ['no list', 'x', 'CORRUPT_FILE', /list of files/],
    ['a huge file', [file('a', HUB_LIMITS.fileBytes + 1)], 'LIMIT_EXCEEDED', /bytes in a/],
    ['many large files', Array.from({ length: 9 }, (_, i) => file(`a${i}`, 2 ** 31)), 'LIMIT_EXCEEDED', /bytes in all files/],
  ])('refuses %s', (_, files, code, message) => {
    expect(() => read(files)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error);
  });
  it('refuses more files than the limit, and what is no JSON', () => {
    expect(() => read(Array.from({ length: HUB_LIMITS.files + 1 }, (_, i) => file(`a${i}`)))).toThrow(/at most 20000 files/);
    expect(() => readFileList('list', new TextEncoder().encode('<html>'))).toThrow(/expected JSON/);
  });
});

describe('checkFiles', () => {
  it('refuses before a push what a pull would refuse after it', () => {
    const check = (files: Parameters<typeof checkFiles>[1]) => () => checkFiles('push: folder', files, 'INVALID_OPTION');
    const refusal = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error; // prettier-ignore
    expect(check([file('Net.bin'), file('net.bin')])).toThrow(refusal('INVALID_OPTION', /push: folder: .* got net\.bin and Net\.bin/));
    expect(check(Array.from({ length: 9 }, (_, i) => file(`a${i}`, 2 ** 31)))).toThrow(
      refusal('LIMIT_EXCEEDED', /17179869184 bytes in all/),
    );
    expect(check(Array.from({ length: 8 }, (_, i) => file(`a${i}`, 2 ** 31)))).not.toThrow();
  });
});
