import { dirname, resolve } from 'node:path';

import type { FileSystem } from './file-system.js';

/** Makes a folder, and those above it, such that a loss of power does not take them back. */
export async function makeFolder(folder: string, fileSystem: FileSystem): Promise<void> {
  const first = await fileSystem.mkdir(folder, { recursive: true });
  if (first === undefined) return;
  const top = dirname(resolve(first)); // the folder that was there
  for (let made = resolve(folder); made !== top;) await flushFolder((made = dirname(made)), fileSystem);
}

/** Makes a rename survive a loss of power; Windows can't open folders, and needs no such step. */
export async function flushFolder(folder: string, fileSystem: FileSystem): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fileSystem.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
