import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { freeFolder } from './free-folder.js';

it('passes over folders with something in them, and files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'netspace-free-'));
  const at = (name: string) => join(folder, name);
  try {
    expect(freeFolder(at('space'))).toBe(at('space'));
    await mkdir(at('space'));
    expect(freeFolder(at('space'), at('seats'))).toBe(at('space')); // empty
    await writeFile(at('space/run.json'), '{}');
    expect(freeFolder(at('space'), at('seats'))).toBe(at('seats'));
    await writeFile(at('seats'), '');
    await mkdir(at('seats-2'));
    expect(freeFolder(at('space'), at('seats'))).toBe(at('seats-2'));
  } finally {
    await rm(folder, { recursive: true });
  }
});
