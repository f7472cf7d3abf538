import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { directoryFiles } from './directory-files.js';
import { writeAtomically } from './write-atomically.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-files-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('directoryFiles', () => {
  it('reads what it wrote, and replaces it whole', async () => {
    const files = directoryFiles(join(folder, 'zoo'));
    await files.write('instances/a.bin', Uint8Array.of(1, 2, 3));
    await files.write('instances/a.bin', Uint8Array.of(4));
    expect([...(await files.read('instances/a.bin'))]).toEqual([4]);
    expect(await readdir(join(folder, 'zoo', 'instances'))).toEqual(['a.bin']); // no drafts left
  });

  it('says which file is missing', async () => {
    await expect(directoryFiles(folder).read('none.json')).rejects.toMatchObject({ code: 'NOT_FOUND', message: /'none.json' in/ });
  });

  it('refuses paths out of the folder', async () => {
    for (const path of ['../a', '/etc/passwd', 'a/../../b', '..', '', 'a\0b']) {
      await expect(directoryFiles(folder).read(path)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      await expect(directoryFiles(folder).write(path, new Uint8Array())).rejects.toThrow(/paths cannot leave the folder/);
    }
  });
});

describe('writeAtomically', () => {
  it('leaves nothing behind when it fails', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(writeAtomically(join(folder, 'file', 'below'), 'x')).rejects.toThrow();
    const target = join(folder, 'target');
    await directoryFiles(target).write('keep', Uint8Array.of(1));
    await expect(writeAtomically(target, 'x')).rejects.toThrow(); // a folder is in the way
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
