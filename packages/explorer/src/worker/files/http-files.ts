import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { MANIFEST_NAME } from '../../folder/manifest.js';
import { download } from './download.js';
import type { FileCache } from './file-cache.js';
import type { FolderFiles, ReadOptions } from './folder-files.js';

/**
 * The files of a folder at an address. JSON, which is small and says what else there is, is asked for each time; while it stays the same, all
 * other files are read from the cache. Without a connection the cache answers alone.
 *
 * @throws NetSpaceError `INVALID_OPTION` if it is no http address
 */
export function httpFiles(source: string, cache: FileCache | undefined): FolderFiles {
  const folder = folderAddress(source);
  return {
    async read(path, options) {
      const url = new URL(path, folder);
      url.search = folder.search; // a signature in the address holds for all files
      const isIndex = /\.json$/i.test(path);
      const kept = await cache?.get(url.href);
      if (kept !== undefined && kept.byteLength <= options.limit && !isIndex) {
        options.onProgress?.(kept.byteLength, kept.byteLength);
        return kept;
      }
      const bytes = await downloadOr(kept, url, options);
      if (isIndex && kept !== undefined && !equal(kept, bytes)) await cache?.clear(new URL('.', folder).href);
      if (bytes !== kept) await cache?.put(url.href, bytes);
      return bytes;
    },
  };
}

/** A file's address or a folder's, with or without the last slash. */
function folderAddress(source: string): URL {
  if (!URL.canParse(source) || !/^https?:$/.test(new URL(source).protocol)) {
    throw new NetSpaceError('INVALID_OPTION', `open: expected the address of a folder, got ${source}; write it as https://host/folder/`);
  }
  const url = new URL(source);
  if (url.pathname.endsWith(`/${MANIFEST_NAME}`)) url.pathname = url.pathname.slice(0, -MANIFEST_NAME.length);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  url.hash = '';
  return url;
}

async function downloadOr(kept: Uint8Array<ArrayBuffer> | undefined, url: URL, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
  if (kept === undefined) return download(url, options);
  try {
    return await download(url, { ...options, persistent: false });
  } catch (error) {
    if (isNetSpaceError(error) && (error as NetSpaceError).code === 'UNAVAILABLE') return kept;
    throw error;
  }
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
