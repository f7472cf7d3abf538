import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { isMissing } from '../../files/file-problem.js';

/**
 * The folder of the explorer's page, as its package brings it.
 *
 * @throws NetSpaceError `UNAVAILABLE` if it is not there: a clone has it once it is built
 */
export async function explorerPage(): Promise<string> {
  try {
    const path = createRequire(import.meta.url).resolve('@netspace/explorer/page/index.html');
    await access(path);
    return dirname(path);
  } catch (error) {
    if (!isMissing(error) && !(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
    throw new NetSpaceError(
      'UNAVAILABLE',
      'explore: expected the page of @netspace/explorer, got a package without it; in a clone, npm run build makes it; elsewhere, install the package again',
      { cause: error },
    );
  }
}
