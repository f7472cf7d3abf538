import { dirname, resolve } from 'node:path';

import type { FileSystem } from './file-system.js';

/** Makes a folder, and the folders above it, so that a power cut cannot undo it. */
export async function makeFolder(folder: string, fileSystem: FileSystem): Promise<void> {
  const first = await fileSystem.mkdir(folder, { recursive: true });
  if (first === undefined) return;
  const top = dirname(resolve(first)); // the folder that was there
  for (let made = resolve(folder); made !== top;) await flushFolder((made = dirname(made)), fileSystem);
}

/** Makes a rename survive a power cut. Windows cannot open folders and does not need this step. */
export async function flushFolder(folder: string, fileSystem: FileSystem): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fileSystem.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
