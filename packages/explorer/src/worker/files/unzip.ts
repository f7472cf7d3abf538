import { NetSpaceError } from '@netspace/prep';

import { FOLDER_LIMITS } from '../../folder/limits.js';
import type { DroppedFile } from '../messages/protocol.js';

/**
 * The files of a zip archive.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if it is none, `LIMIT_EXCEEDED` if it would unpack to more than the limits, before anything is unpacked
 */
export async function unzip({ name, bytes }: DroppedFile): Promise<readonly DroppedFile[]> {
  const { unzipSync } = await import('fflate');
  let [files, size] = [0, 0];
  try {
    const entries = unzipSync(new Uint8Array(bytes), {
      filter: ({ originalSize, name: path }) => {
        if (path.endsWith('/')) return false;
        files += 1;
        size += originalSize;
        if (files > FOLDER_LIMITS.zipFiles || size > FOLDER_LIMITS.zipBytes) {
          throw new NetSpaceError(
            'LIMIT_EXCEEDED',
            `open: expected ${name} to hold at most ${FOLDER_LIMITS.zipFiles} files and ${FOLDER_LIMITS.zipBytes} bytes, got more; serve the folder over http instead`,
          );
        }
        return true;
      },
    });
    return Object.entries(entries).map(([path, content]) => ({ name: path, bytes: exact(content) }));
  } catch (cause) {
    if (cause instanceof NetSpaceError) throw cause;
    throw new NetSpaceError('CORRUPT_FILE', `open: expected ${name} to be a zip archive, got something else; pack the folder again`, {
      cause,
    });
  }
}

/** The bytes of a view alone. */
const exact = (view: Uint8Array): ArrayBuffer => view.slice().buffer;
