import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A folder that all test files of `npm test` share; scripts/test.mjs makes and removes it. A run of vitest by hand has none: sources may change. */
export const sharedFolder = (): string | undefined => process.env['NETSPACE_TEST_SHARED'];

/**
 * Has one of the processes that test at once make what several test files need; the others wait until it is there, or the making has failed.
 *
 * @param folder where it goes, in the shared folder; there is none before
 */
export async function madeOnce(folder: string, make: (folder: string) => Promise<void>): Promise<void> {
  try {
    mkdirSync(`${folder}.begun`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    for (let waits = 0; !existsSync(join(`${folder}.begun`, 'ended')); waits++) {
      if (waits > 6000)
        throw new Error(`expected ${folder} to be made by another test file within ten minutes, got nothing`, { cause: error });
      await setTimeout(100);
    }
    if (!existsSync(folder))
      throw new Error(`expected ${folder} to be made by another test file, which failed; its error says why`, { cause: error });
    return;
  }
  try {
    await make(folder);
  } finally {
    writeFileSync(join(`${folder}.begun`, 'ended'), '');
  }
}
