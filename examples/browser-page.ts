// Question: does it run in a web page? Bundles `browser/`, serves it on this machine and moves its slider in a real Chromium.
// Output, about, where there is a Chromium:
//   The page's script, with TensorFlow.js: 1.1 MB
//   γ = 0: the network in the page says 2
//   γ = 0.5: the network in the page says 2
//   γ = 1: the network in the page says 2
//   Halfway between two chairs 651 of 9216 points of the cut are inside
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const page = (name: string): string => fileURLToPath(new URL(`browser/${name}`, import.meta.url));
const { outputFiles } = await build({
  entryPoints: [page('main.ts')],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
  tsconfigRaw: {}, // the built packages, as users have them, instead of the sources that ours points to
});
const script = outputFiles[0]!.contents;
console.log(`The page's script, with TensorFlow.js: ${(script.length / 2 ** 20).toFixed(1)} MB`);

const browserPath = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);
if (browserPath === undefined) {
  console.log('Bundled, but not opened: no Chromium here (set CHROMIUM to one).');
} else {
  const html = await readFile(page('index.html'));
  const root = fileURLToPath(new URL('../', import.meta.url));
  const server = createServer(({ url = '/' }, response) => {
    if (url.startsWith('/pretrained/')) {
      const send = (status: number, body?: Uint8Array) => response.writeHead(status).end(body);
      readFile(join(root, normalize(url))).then(
        (bytes) => send(200, bytes),
        () => send(404),
      );
      return;
    }
    const isScript = url === '/main.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8').end(isScript ? script : html);
  }).listen(0, '127.0.0.1');
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const tab = await browser.newPage();
    const address = server.address();
    await tab.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
    await tab.waitForFunction(() => document.getElementById('status')?.textContent === 'ready', undefined, { timeout: 60_000 });
    for (const gamma of ['0', '0.5', '1']) {
      await tab.fill('#gamma', gamma);
      console.log(`γ = ${gamma}: the network in the page says ${await tab.textContent('#answer')}`);
    }
    const inside = await tab.getAttribute('#chair', 'data-inside');
    console.log(`Halfway between two chairs ${inside} of 9216 points of the cut are inside`);
  } finally {
    await browser.close();
    server.close();
  }
}
