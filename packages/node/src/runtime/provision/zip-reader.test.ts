import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { makeZip } from '../testing/make-zip.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { extractZipEntry, listZip } from './zip-reader.js';

describe('listZip and extractZipEntry', () => {
  it('read stored, deflated and empty files, with their hashes', async () => {
    const folder = temporaryFolder();
    const files = { 'a/stored.txt': 'stored', 'b/deflated.txt': 'deflated '.repeat(1000), empty: '' };
    const archive = join(folder, 'a.zip');
    writeFileSync(archive, makeZip(files));
    const entries = await listZip(archive);
    expect(entries.map(({ name }) => name)).toEqual(Object.keys(files));
    for (const [i, content] of Object.values(files).entries()) {
      const target = join(folder, `out${i}`);
      const hash = await extractZipEntry(archive, entries[i]!, target);
      expect(readFileSync(target, 'utf8')).toBe(content);
      expect(hash.toString('hex')).toBe(createHash('sha256').update(content).digest('hex'));
    }
  });
  it('refuses what is no archive, half of one, and a file larger than it says', async () => {
    const folder = temporaryFolder();
    const archive = join(folder, 'a.zip');
    const whole = makeZip({ a: 'aaaa', b: 'b'.repeat(100) });
    for (const [bytes, problem] of [
      [Buffer.from('no archive'), /no end record/],
      [whole.subarray(0, whole.length - 10), /no end record/],
      [Buffer.concat([Buffer.alloc(3), whole]), /damaged directory/],
    ] as const) {
      writeFileSync(archive, bytes);
      await expect(listZip(archive)).rejects.toMatchObject({ code: 'CORRUPT_FILE', message: expect.stringMatching(problem) });
    }
    writeFileSync(archive, whole);
    const [, entry] = await listZip(archive);
    await expect(extractZipEntry(archive, { ...entry!, size: 50 }, join(folder, 'out'))).rejects.toThrow(/more than 50 bytes in b/);
  });
});
