import { join } from 'node:path';

import { type ExplorerManifest, MANIFEST_NAME, readExplorerManifest } from '@netspace/explorer';

import { isMissing } from '../../files/file-problem.js';
import { FILE_LIMITS, readRegularFile } from '../../files/read-regular-file.js';

/**
 * What an exported folder says of itself; undefined for a folder without `explorer.json`.
 *
 * @throws NetSpaceError as `readExplorerManifest`
 */
export async function readExportedFolder(folder: string): Promise<ExplorerManifest | undefined> {
  try {
    return readExplorerManifest(await readRegularFile('explore', join(folder, MANIFEST_NAME), FILE_LIMITS.weights));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
