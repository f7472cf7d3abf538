import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { serveFolders } from '../../scripts/serve.mjs';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const firefox = process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr';
const page = here('../../dist/page');
const digits = here('../../../../pretrained/digits');

// Playwright drives a Firefox of its own, which no registry has; Puppeteer drives Debian's (apt-get install firefox-esr). The page is the built
// one: `npm run build`.
describe.skipIf(!existsSync(firefox) || !existsSync(join(page, 'index.html')))('The explorer in Firefox', () => {
  let browser: Browser;
  let tab: Page;
  let site: Awaited<ReturnType<typeof serveFolders>>;
  const errors: string[] = [];

  beforeAll(async () => {
    site = await serveFolders([page, digits]);
    browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefox, headless: true });
    tab = await browser.newPage();
    tab.on('pageerror', (error) => errors.push(String(error)));
    tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await tab.setViewport({ width: 1280, height: 850 });
  });
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  /** Text inside the element. */
  const text = (selector: string): Promise<string> =>
    tab.evaluate((wanted) => document.querySelector('netspace-explorer')?.shadowRoot?.querySelector(wanted)?.textContent ?? '', selector);
  const soon = (read: () => Promise<string>) => expect.poll(read, { timeout: 30_000 });
  /** Where something is, that has these words. */
  const boxOf = async (selector: string, words = '') => {
    const box = await tab.evaluate(
      (wanted, inside) => {
        const all = [...(document.querySelector('netspace-explorer')?.shadowRoot?.querySelectorAll(wanted) ?? [])];
        const { x, y, width, height } = all.find(({ textContent }) => textContent.includes(inside))?.getBoundingClientRect() ?? {};
        return { x, y, width, height };
      },
      selector,
      words,
    );
    if (box.width === undefined) throw new Error(`nothing on the page is ${selector} with "${words}"`);
    return box as { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  };
  const click = async (selector: string, words?: string): Promise<void> => {
    const { x, y, width, height } = await boxOf(selector, words);
    await tab.mouse.click(x + width / 2, y + height / 2);
  };

  it('opens a space, decodes, follows a drag over the map, walks, and classifies a digit that is drawn', async () => {
    await tab.goto(`${site.address}#shade=0`);
    await soon(() => text('.status')).toMatch(/Runs on (webgl|wasm|cpu|webgpu).*decoded in/);
    expect(await text('.subject .name')).not.toBe('');

    const map = await boxOf('.plane');
    await tab.mouse.move(map.x + 0.4 * map.width, map.y + 0.4 * map.height);
    await tab.mouse.down();
    await tab.mouse.move(map.x + 0.5 * map.width, map.y + 0.6 * map.height, { steps: 5 });
    await tab.mouse.up();
    await soon(() => text('.subject .name')).toMatch(/^plane/);

    await click('[role="tab"]', 'Walk');
    await soon(() => text('[data-value="accuracy"]')).toMatch(/\d %/);
    const before = await text('.gamma output');
    await click('.gamma input[type="range"]');
    await tab.keyboard.press('ArrowRight');
    await soon(() => text('.gamma output')).not.toBe(before);

    await click('[role="tab"]', 'Draw');
    const { x, y, width, height } = await boxOf('.pad');
    await tab.mouse.move(x + width / 2, y + 0.2 * height); // a one
    await tab.mouse.down();
    await tab.mouse.move(x + width / 2, y + 0.8 * height, { steps: 8 });
    await tab.mouse.up();
    await soon(() => text('.probabilities')).toMatch(/\d+ %/);
    expect(errors).toEqual([]);
  });

  it('is what Chromium shows: the manifest names the networks of the map', async () => {
    const { networks } = JSON.parse(await readFile(join(digits, 'explorer.json'), 'utf8')) as { networks: unknown[] };
    expect(await text('header')).toContain(`${networks.length} networks`);
  });
});
