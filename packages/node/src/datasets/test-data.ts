import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the real data sets that tests may read. They are not in the repository, because they are too large or not ours. */
const TEST_DATA = process.env['NETSPACE_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

/** Path of one of them, whether it is here, and a note for the names of tests that are skipped without it. */
export function testData(name: string): { readonly path: string; readonly missing: boolean; readonly note: string } {
  const path = join(TEST_DATA, name);
  const missing = !existsSync(path);
  return { path, missing, note: missing ? ` (skipped: no ${path}; NETSPACE_DATA names another folder)` : '' };
}
