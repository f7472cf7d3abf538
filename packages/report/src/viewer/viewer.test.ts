import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ballMesh, cubeMesh } from '../../../shapes/src/testing/meshes.js';
import { renderReport } from '../page/render-report.js';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

// A real page in a real browser, with WebGL in software; skipped where there is no Chromium (Debian: apt-get install chromium).
describe.skipIf(!existsSync(executablePath))("a report's page in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), 'netspace-report-'));
  const file = join(folder, 'report.html');
  let browser: Browser;

  const start = (flags: readonly string[]) =>
    chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', ...flags] });

  /** Opens the page and notes every request but the page itself and every error. */
  async function open(page: Page): Promise<readonly string[]> {
    const events: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith('data:') && request.url() !== `file://${file}`) events.push(request.url());
    });
    page.on('pageerror', (error) => events.push(String(error)));
    await page.goto(`file://${file}`);
    return events;
  }

  beforeAll(async () => {
    const entry = fileURLToPath(new URL('viewer.ts', import.meta.url));
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2022',
      write: false,
    });
    const meshes = [
      { mesh: ballMesh({ rings: 12 }), title: 'ball' },
      { mesh: cubeMesh(), title: 'cube' },
    ];
    const provenance = { 'commit (folder of the command)': `${'0123456789'.repeat(4)}+`, machine: 'AMD EPYC, 2 cores, 24 GiB' };
    const data = { title: 'Shapes', sections: [{ title: 'two', figures: [{ kind: 'meshes', meshes } as const] }], provenance };
    writeFileSync(file, renderReport(data, { viewerScript: outputFiles[0]!.text }));
    browser = await start(['--use-angle=swiftshader', '--enable-unsafe-swiftshader']);
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const picture = (page: Page) =>
    page
      .locator('.shape canvas')
      .nth(1)
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

  it('replaces each picture by a canvas that looks like it, asking the network for nothing', async () => {
    const page = await browser.newPage();
    const events = await open(page);
    await page.locator('.shape canvas').nth(1).waitFor();
    expect(await page.locator('.shape img:visible').count()).toBe(0);
    const difference = await page
      .locator('.shape')
      .first()
      .evaluate(async (shape) => {
        const [image, canvas] = [shape.querySelector('img')!, shape.querySelector('canvas')!];
        await image.decode();
        const pixels = (source: CanvasImageSource) => {
          const context = Object.assign(document.createElement('canvas'), { width: 60, height: 60 }).getContext('2d')!;
          context.drawImage(source, 0, 0, 60, 60);
          return context.getImageData(0, 0, 60, 60).data;
        };
        const [still, live] = [pixels(image), pixels(canvas)];
        return still.reduce((sum, value, i) => sum + Math.abs(value - live[i]!), 0) / still.length;
      });
    expect(difference).toBeLessThan(12); // of 255
    expect(events).toEqual([]);
    await page.close();
  });
  it('never scrolls sideways, on a phone and on a screen', async () => {
    for (const width of [390, 1024, 1440]) {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      await open(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      // Not even within its own place: each value ends before the next begins.
      expect(await page.evaluate(() => [...document.querySelectorAll('footer dl > div')].map((fact) => fact.scrollWidth - fact.clientWidth))).toEqual([0, 0]); // prettier-ignore
      await page.close();
    }
  });
  it('turns all shapes together, by keys and by the pointer', async () => {
    const page = await browser.newPage();
    await open(page);
    const ball = page.locator('.shape canvas').first();
    await page.locator('.shape canvas').nth(1).waitFor();
    const before = await picture(page);
    await ball.press('ArrowRight');
    const turned = await picture(page);
    expect(turned).not.toBe(before);
    await ball.hover();
    await page.mouse.down();
    await page.mouse.move(300, 200);
    await page.mouse.up();
    expect(await picture(page)).not.toBe(turned);
    await page.close();
  });
  it('keeps the pictures where there is no WebGL', async () => {
    const plain = await start(['--disable-gpu', '--disable-3d-apis']);
    const page = await plain.newPage();
    const events = await open(page);
    expect(await page.locator('.shape img:visible').count()).toBe(2);
    expect(await page.locator('.shape canvas').count()).toBe(0);
    expect(events).toEqual([]);
    await plain.close();
  });
});
