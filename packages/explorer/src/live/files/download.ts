import { zipSync } from 'fflate';

import type { Place } from '../../worker/messages/protocol.js';
import { type Page, report } from '../page.js';
import { saveFile } from './save-file.js';

/** Saves the network at a place; several files as one zip. */
export async function downloadNetwork({ store, engine }: Page, place: Place, format: 'safetensors' | 'tfjs'): Promise<void> {
  try {
    const files = await engine.call('download', { place, format });
    const [only] = files;
    if (files.length === 1 && only !== undefined) saveFile(only.name, only.bytes, 'application/octet-stream');
    else saveFile('model.zip', zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]))).slice(), 'application/zip');
    store.set({ notice: { kind: 'done', text: `Saved ${files.map(({ name }) => name).join(' and ')}` } });
  } catch (error) {
    report(store, error);
  }
}

/** Puts text on the clipboard, or says how to do it by hand. */
export async function copy({ store }: Page, text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    store.set({ notice: { kind: 'done', text: `Copied ${what}` } });
  } catch {
    store.set({ notice: { kind: 'error', text: `This page may not use the clipboard. Mark the text and copy it by hand: ${text}` } });
  }
}
