import { NetSpaceError } from '@netspace/prep';

import { MANIFEST_NAME } from '../../folder/manifest.js';
import type { DroppedFile } from '../messages/protocol.js';
import type { FolderFiles } from './folder-files.js';
import { unzip } from './unzip.js';

/**
 * The files of a folder, or of one zip, that somebody dropped on the page. The folder is where `explorer.json` lies.
 *
 * @throws NetSpaceError `NOT_FOUND` if none of them is `explorer.json`; as `unzip`
 */
export async function droppedFiles(dropped: readonly DroppedFile[]): Promise<FolderFiles> {
  const [only] = dropped;
  const files = dropped.length === 1 && only !== undefined && /\.zip$/i.test(only.name) ? await unzip(only) : dropped;
  const manifests = files.map(({ name }) => name).filter((name) => name === MANIFEST_NAME || name.endsWith(`/${MANIFEST_NAME}`));
  const [manifest] = manifests.sort((a, b) => a.length - b.length);
  if (manifest === undefined) {
    const names = files.slice(0, 5).map(({ name }) => name);
    throw new NetSpaceError(
      'NOT_FOUND',
      `open: expected a folder with ${MANIFEST_NAME}, got ${names.join(', ') || 'no files'}; drop what netspace export wrote`,
    );
  }
  const prefix = manifest.slice(0, -MANIFEST_NAME.length);
  const byPath = new Map(files.filter(({ name }) => name.startsWith(prefix)).map(({ name, bytes }) => [name.slice(prefix.length), bytes]));
  return {
    read(path, { limit, onProgress }) {
      const bytes = byPath.get(path);
      if (bytes === undefined) {
        return Promise.reject(
          new NetSpaceError('NOT_FOUND', `open: expected a file ${path} in the folder, got none; drop the whole folder`),
        );
      }
      if (bytes.byteLength > limit) {
        const message = `open: expected at most ${limit} bytes in ${path}, got ${bytes.byteLength}; the page opens no larger one`;
        return Promise.reject(new NetSpaceError('LIMIT_EXCEEDED', message));
      }
      onProgress?.(bytes.byteLength, bytes.byteLength);
      return Promise.resolve(new Uint8Array(bytes));
    },
  };
}
