import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Plugin } from 'vite';

const SERVICE_WORKER = 'service-worker.js';
const PLACE = 'LIST_OF_FILES';
/** Not fetched until it is used: what needs a graphics card, WebAssembly for old browsers, and what no page loads. */
const LATER = /(^|\/)(webgl-|webgpu-|tfjs-backend-wasm-(?!simd-))[^/]*$/;
const NEVER = /(^|\/)(licenses\.md|engine\.js|service-worker\.js)$/;

/** Writes into the service worker which files the page has: they are known once all are written. */
export const keepList = (): Plugin => ({
  name: 'keep-list',
  async writeBundle({ dir }) {
    const folder = dir!;
    const script = join(folder, SERVICE_WORKER);
    const text = await readFile(script, 'utf8').catch(() => undefined);
    if (text === undefined) return; // the engine alone, which tests build
    if (!text.includes(PLACE))
      throw new Error(`keep-list: expected the place for the list in ${SERVICE_WORKER}, got none; keep them the same`);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
    const pages = files.filter((path) => !NEVER.test(path)).sort();
    const hash = createHash('sha256');
    for (const path of pages) hash.update(path).update(await readFile(join(folder, path)));
    const list = {
      version: hash.digest('hex').slice(0, 12),
      first: pages.filter((path) => !LATER.test(path)),
      later: pages.filter((path) => LATER.test(path)),
    };
    await writeFile(script, text.replace(PLACE, encodeURIComponent(JSON.stringify(list))));
  },
});
