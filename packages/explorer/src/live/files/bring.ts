import { unzipSync } from 'fflate';

import type { DroppedFile } from '../../worker/messages/protocol.js';
import { openFolder } from './open.js';
import { type Page, report, wasStopped } from '../page.js';
import { isImage, takeImage } from './take-image.js';

/** A page that reads more at once fills the memory of its tab. */
const MOST_BYTES = 512 * 1024 * 1024;
const MOST_FILES = 20_000;
let brought = 0;

/** Takes files that were dropped or chosen: a whole space is opened, a network is encoded and placed on the map, an image is classified. */
export async function bring(page: Page, files: readonly NamedFile[]): Promise<void> {
  const { store, engine } = page;
  if (files.length === 0) {
    report(store, new Error('There are no files in it. Drop a network, or the folder or zip of a space.'));
    return;
  }
  if (files.length === 1 && isImage(files[0]!.file)) return takeImage(page, files[0]!.file);
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > MOST_BYTES || files.length > MOST_FILES) {
    report(store, new Error(`These are ${files.length} files of ${Math.round(bytes / 1e6)} MB: the page takes at most ${MOST_FILES} files and ${MOST_BYTES / 1024 / 1024} MB. Drop only the network, or only the exported folder.`)); // prettier-ignore
    return;
  }
  store.set({ bringing: true, notice: undefined });
  try {
    const dropped: DroppedFile[] = await Promise.all(files.map(async ({ name, file }) => ({ name, bytes: await file.arrayBuffer() })));
    if (isSpace(dropped)) {
      await openFolder(page, dropped, store.get().view.runtime, '');
      return;
    }
    const id = `brought ${++brought}`;
    const one = await engine.call('bring', { id, files: dropped });
    const state = store.get();
    store.set({
      brought: [one, ...state.brought],
      kept: [...state.kept, { id, name: one.name, kind: 'brought', x: one.x, y: one.y }],
      said: `${one.name} is on the map`,
    });
    store.change({ tab: 'bring', cursor: { at: 'kept', id } });
  } catch (error) {
    if (wasStopped(error)) return;
    report(store, error);
    if (store.get().opened !== undefined) store.change({ tab: 'bring' }, { undo: false });
  } finally {
    store.set({ bringing: false });
  }
}

/** A zip may also hold the files of a model, as this page downloads it. */
function isSpace(files: readonly DroppedFile[]): boolean {
  const [only] = files;
  const isZip = files.length === 1 && only !== undefined && /\.zip$/i.test(only.name);
  const names = isZip ? namesInZip(only.bytes) : files.map(({ name }) => name);
  return names.some((name) => /(^|\/)explorer\.json$/.test(name));
}

/** Names of the files in a zip; none if it is no zip. */
function namesInZip(bytes: ArrayBuffer): readonly string[] {
  const names: string[] = [];
  try {
    unzipSync(new Uint8Array(bytes), { filter: ({ name }) => (names.push(name), false) });
  } catch {
    return [];
  }
  return names;
}

/** Takes what was dropped, folders with all that is in them. */
export async function bringDropped(page: Page, transfer: DataTransfer): Promise<void> {
  try {
    await bring(page, await droppedFiles(transfer));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    report(page.store, new Error(`What was dropped could not be read (${words}). Drop it again, or choose it under "Your own".`));
  }
}

export interface NamedFile {
  /** With its path where it came in a folder. */
  readonly name: string;
  readonly file: File;
}

export const namedFiles = (files: readonly File[]): readonly NamedFile[] => files.map((file) => ({ name: file.webkitRelativePath || file.name, file })); // prettier-ignore

async function droppedFiles(transfer: DataTransfer): Promise<readonly NamedFile[]> {
  // Entries must be taken before anything is awaited.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return namedFiles([...transfer.files]);
  const found: NamedFile[] = [];
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    if (found.length > MOST_FILES) return;
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      found.push({ name: entry.fullPath.replace(/^\//, ''), file });
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (batch.length === 0) return;
      for (const one of batch) await visit(one);
    }
  };
  for (const entry of entries) await visit(entry);
  return found;
}
