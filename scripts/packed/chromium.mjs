import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';

import { chromium } from 'playwright-core';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const absent = process.env['CHROMIUM_PATH'] === undefined && !existsSync(executablePath);
const PAGE = '<!doctype html><title></title><script type="module" src="/page.js"></script>';

/** The title that the script of a folder's page, or a `page.js` without one, gives it in the end, or the first error; undefined where there is no Chromium. */
export async function titleInChromium(folder) {
  if (absent) return undefined;
  const server = createServer(({ url }, response) => {
    const file = join(folder, normalize(url));
    const own = join(folder, 'index.html');
    if (url === '/') response.setHeader('content-type', 'text/html').end(existsSync(own) ? readFileSync(own) : PAGE);
    else if (existsSync(file)) response.setHeader('content-type', 'text/javascript').end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  try {
    const page = await browser.newPage();
    const failure = new Promise((resolve) => page.on('pageerror', (error) => resolve(`an error: ${error.message}`)));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const title = page
      .waitForFunction('document.title !== "loading" && document.title', undefined, { timeout: 60_000 })
      .then((handle) => handle.jsonValue());
    return await Promise.race([title, failure]);
  } finally {
    await browser.close();
    server.close();
  }
}
