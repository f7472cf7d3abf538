import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { folderBytes } from './folder-bytes.js';

it('counts the bytes of all files of a folder once, and follows no link', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'netspace-bytes-'));
  await mkdir(join(folder, 'a', 'b'), { recursive: true });
  await writeFile(join(folder, 'one'), new Uint8Array(10));
  await writeFile(join(folder, 'a', 'b', 'two'), new Uint8Array(200));
  await symlink(join(folder, 'one'), join(folder, 'a', 'link'));
  expect(await folderBytes(folder)).toBe(210);
  await rm(folder, { recursive: true });
});
