import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';

import { isMissing } from '../../files/file-problem.js';
import { FILE_LIMITS, readRegularFile } from '../../files/read-regular-file.js';

/** The parts of a space as PyTorch holds it, each a file. */
export const PARTS = ['encoder', 'decoder', 'units'] as const;
export type Part = (typeof PARTS)[number];

/** Lies beside the parts that were written together, with the SHA-256 of each file. */
export const PARTS_FILE = 'parts.json';

/** The files of a space, of which some may be missing. */
export type PartFiles = Partial<Readonly<Record<Part, { readonly path: string; readonly bytes: Uint8Array }>>>;

/** The text of a {@link PARTS_FILE}. */
export const partsText = (files: PartFiles): string =>
  `${JSON.stringify(Object.fromEntries(Object.entries(files).map(([part, { bytes }]) => [part, hashOf(bytes)])))}\n`;

/**
 * Refuses parts of two spaces: shapes and numbers do not tell them apart, and a decoder makes nothing of another encoder's embeddings. Files
 * beside which there is no {@link PARTS_FILE} that knows them, such as those of the authors' trainers, are believed.
 *
 * @throws NetSpaceError `INVALID_OPTION`, naming both files
 */
export async function refuseStrangers(given: PartFiles): Promise<void> {
  const hashes = Object.fromEntries(Object.entries(given).map(([part, { bytes }]) => [part, hashOf(bytes)])) as Partial<
    Record<Part, string>
  >;
  for (const part of PARTS) {
    const file = given[part];
    if (file === undefined) continue;
    const list = join(dirname(file.path), PARTS_FILE);
    const known = await partsIn(list);
    if (known[part] !== hashes[part]) continue; // another program wrote it since
    const strange = PARTS.find((other) => known[other] !== hashes[other]);
    if (strange === undefined) continue;
    const got = given[strange]?.path ?? 'none';
    const [expected, remedy] =
      strange === 'units'
        ? ['units', known.units === undefined ? 'leave --units out' : 'pass its own as --units']
        : [
            strange,
            `pass the files of one export-space, because a decoder makes nothing of another encoder's embeddings; if you trained it on, remove ${list}`,
          ];
    throw new NetSpaceError('INVALID_OPTION', `import-space: expected the ${expected} that export-space wrote with ${file.path}, as ${list} says, got ${got}; ${remedy}`); // prettier-ignore
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a {@link PARTS_FILE} says; nothing for another program's file. */
async function partsIn(path: string): Promise<Partial<Record<Part, unknown>>> {
  try {
    const value = parseJson((await readRegularFile('import-space', path, FILE_LIMITS.json)).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof NetSpaceError) return {};
    throw error;
  }
}
