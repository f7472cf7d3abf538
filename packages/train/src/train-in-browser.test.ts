import '@netspace/kernels/wasm';
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { enableRelaxedSimd, loadMnist } from '@netspace/node';
import { describeInChromium, launchChromium, serve } from '@netspace/testing/chromium';
import { smallTraining } from '@netspace/testing/small-training';
import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { TrainingAnswer, TrainingRequest } from '../../../testing/browser-training-worker.js';
import { memoryCheckpoint } from './checkpoint/memory.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const PAGE = '<!doctype html><title>training</title><script src="/storage.js"></script>';

/** `write(size)` and `read()` of a page: how much there is afterwards, its whole buffer counted, or the error. */
const STORAGE = `
  import { indexedDbCheckpoint } from '@netspace/train';
  const storage = indexedDbCheckpoint('filling');
  const outcome = (promise) => promise.catch((error) => error.code + ': ' + error.message);
  globalThis.read = () => outcome(storage.read().then((bytes) => bytes.buffer.byteLength + ' bytes'));
  globalThis.write = (size) => outcome(storage.write(new Uint8Array(size + 1).subarray(1)).then(read));`;

/** A source of the repository as a script of a page. */
async function bundle(entry: { readonly file: string } | { readonly code: string }): Promise<Uint8Array> {
  const { outputFiles, warnings } = await build({
    ...('file' in entry ? { entryPoints: [join(root, entry.file)] } : { stdin: { contents: entry.code, resolveDir: root } }),
    tsconfig: join(root, 'tsconfig.json'),
    absWorkingDir: root,
    bundle: true,
    external: ['manifold-3d', '@gltf-transform/core'], // which only the built package makes fit for bundlers; nothing here loads them
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  expect(warnings).toEqual([]);
  return outputFiles[0]!.contents;
}

describeInChromium('@netspace/train', () => {
  let browser: Browser;
  let page: Page;
  let server: Awaited<ReturnType<typeof serve>>;
  let digits: { readonly images: Uint8Array; readonly labels: Uint8Array };

  beforeAll(async () => {
    const { images, labels } = (await loadMnist({ train: 64, test: 0 })).train;
    digits = { images, labels: Uint8Array.from(labels) };
    const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'));
    const files = new Map<string, Uint8Array | string>([
      ['/', PAGE],
      ['/worker.js', await bundle({ file: 'testing/browser-training-worker.ts' })],
      ['/storage.js', await bundle({ code: STORAGE })],
      ['/images', images],
      ['/labels', digits.labels],
    ]);
    server = await serve((path) => (path.startsWith('/wasm/') ? readFile(join(wasm, path.slice(6))) : files.get(path)));
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(server.address);
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  /** Trains in a new Web Worker of the page until it answers. */
  const train = (request: TrainingRequest): Promise<TrainingAnswer> =>
    page.evaluate(
      (message) =>
        new Promise<TrainingAnswer>((resolve, reject) => {
          const worker = new Worker('/worker.js', { type: 'module' });
          worker.onmessage = ({ data }) => resolve(data as TrainingAnswer);
          worker.onerror = ({ message: text }) => reject(new Error(text));
          worker.postMessage(message);
        }),
      request,
    );

  it('trains on MNIST in a worker, is stopped, dies, is reloaded, and ends with the bits of an undisturbed run', async () => {
    const undisturbed = await train({ backend: 'wasm' });
    expect(undisturbed).toMatchObject({ steps: [1, 10], hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(undisturbed.loss).toBeGreaterThan(0);

    const request = { backend: 'wasm', checkpoint: 'digits' } as const;
    const stopped = await train({ ...request, stopAfter: 4 });
    const message = expect.stringMatching(/^ABORTED: .*after step 4 of 10; resume from indexeddb:\/\/netspace\/digits$/) as string;
    expect(stopped).toEqual({ steps: [1, 4], error: message });
    await page.reload();
    expect(await train({ ...request, dieAfter: 8 })).toEqual({ steps: [5, 8] }); // its last checkpoint is of step 6
    await page.reload();
    expect(await train(request)).toEqual({ ...undisturbed, steps: [7, 10] });
  });

  it.each(['wasm', 'cpu'] as const)('ends with the bits of Node on %s', async (backend) => {
    enableRelaxedSimd(); // on in Chromium: it multiplies and adds in one rounding
    await tf.setBackend(backend);
    const { hash, loss } = await smallTraining({ ...digits, storage: memoryCheckpoint() });
    expect(await train({ backend })).toEqual({ steps: [1, 10], hash, loss });
  });

  it('keeps a view without the buffer around it, and says when the quota is used up, keeping what there was', async () => {
    const other = await browser.newPage();
    const { origin } = new URL(server.address.replace('127.0.0.1', 'localhost')); // whose quota nobody has asked for yet
    await (await other.context().newCDPSession(other)).send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 });
    await other.goto(origin);
    expect(await other.evaluate('write(10)')).toBe('10 bytes');
    expect(await other.evaluate('write(4_000_000)')).toMatch(
      /^LIMIT_EXCEEDED: .*room for the checkpoint at indexeddb:\/\/netspace\/filling/,
    );
    expect(await other.evaluate('read()')).toBe('10 bytes');
    await other.close();
  });

  it('says where IndexedDB is forbidden', async () => {
    const other = await browser.newPage();
    await other.goto('data:text/html,'); // a page without an origin
    await other.addScriptTag({ content: new TextDecoder().decode(await bundle({ code: STORAGE })) });
    expect(await other.evaluate('read()')).toMatch(
      /^UNAVAILABLE: .*expected IndexedDB for indexeddb:\/\/netspace\/filling, got "SecurityError/,
    );
    await other.close();
  });
});
