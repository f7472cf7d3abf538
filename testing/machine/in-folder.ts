import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { directoryFiles } from '@netspace/node';
import { disposeInstances, isNetSpaceError } from '@netspace/prep';
import { initialize, openInstanceStore, siren } from '@netspace/zoo';

/** Gives a task a folder of its own. */
export async function inFolder<T>(task: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'netspace-machine-'));
  try {
    return await task(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a call is refused with; `taken` if it is not. */
export async function refusalOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'taken';
  } catch (error) {
    return isNetSpaceError(error) ? error.code : String(error);
  }
}

/** Adds one network to a zoo. */
export async function addTo(zoo: string, name: string): Promise<void> {
  const architecture = siren({ hidden: 2, layers: 0 });
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
  try {
    await openInstanceStore(directoryFiles(zoo)).add({ name, instance, epochs: 1, seed: 1, metrics: {} });
  } finally {
    disposeInstances([instance]);
  }
}
