// `npx tsx testing/explorer/pictures-main.ts [DIR]`: pictures of each view of the explorer on the shipped spaces, into docs/images.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { buildExplorer } from './built-explorer.js';
import { launchChromium } from '../chromium.js';
import { explorerSite, type ExplorerView, SOFTWARE_GL } from './page.js';

interface Shot extends ExplorerView {
  readonly name: string;
  readonly folder: 'digits' | 'chairs' | 'classifiers';
  readonly act?: (page: Page) => Promise<unknown>;
}

/** Milliseconds that the shading of the plane may take. */
const SHADING = 150_000;
const shaded = (page: Page) => page.locator('[data-heat="done"]').waitFor({ timeout: SHADING }).catch(() => undefined); // prettier-ignore
const chart = (page: Page) => page.waitForFunction(() => (document.querySelector('netspace-explorer')!.shadowRoot!.querySelector('.series.main')?.getAttribute('points') ?? '').split(' ').length === 21, undefined, { timeout: SHADING }); // prettier-ignore

const SHOTS: readonly Shot[] = [
  { name: 'map', folder: 'digits', width: 1440, height: 900, act: shaded },
  {
    ...{ name: 'walk', folder: 'digits', width: 1440, height: 900, theme: 'dark', state: 'tab=walk&gamma=0.62' },
    act: (page) => chart(page).then(() => shaded(page)),
  },
  { name: 'draw', folder: 'digits', width: 1024, height: 768, state: 'tab=draw&shade=0', act: drawThree },
  {
    ...{ name: 'optimize', folder: 'digits', width: 1024, height: 768, theme: 'dark', state: 'tab=optimize&shade=0&at=6,-2' },
    async act(page) {
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByRole('button', { name: 'Start' }).waitFor({ timeout: 200_000 });
    },
  },
  { name: 'shapes', folder: 'chairs', width: 1440, height: 900, state: 'tab=walk&gamma=0.7' },
  {
    ...{ name: 'tour', folder: 'digits', width: 1024, height: 768, state: 'shade=0' },
    async act(page) {
      await page.getByRole('button', { name: 'Take the tour' }).click();
      for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Next' }).click();
    },
  },
  { name: 'own', folder: 'digits', width: 1024, height: 768, state: 'tab=bring&shade=0' },
  { name: 'phone', folder: 'digits', width: 390, height: 844, theme: 'dark', touch: true, state: 'tab=walk&shade=0&walk=triangle' },
];

async function drawThree(page: Page): Promise<void> {
  const pad = (await page.locator('.pad').boundingBox())!;
  const points = [[0.32, 0.26], [0.5, 0.18], [0.66, 0.28], [0.6, 0.42], [0.46, 0.48], [0.64, 0.56], [0.68, 0.7], [0.5, 0.82], [0.3, 0.74]]; // prettier-ignore
  await page.mouse.move(pad.x + points[0]![0]! * pad.width, pad.y + points[0]![1]! * pad.height);
  await page.mouse.down();
  for (const [x, y] of points) await page.mouse.move(pad.x + x! * pad.width, pad.y + y! * pad.height, { steps: 4 });
  await page.mouse.up();
}

const root = join(import.meta.dirname, '../..');
const out = process.argv[2] ?? join(root, 'docs/images');
const only = process.argv.slice(3);
const scratch = await mkdtemp(join(tmpdir(), 'explorer-pictures-'));
const browser = await launchChromium(SOFTWARE_GL);
try {
  await buildExplorer('test', scratch);
  for (const { name, folder, act, ...view } of SHOTS.filter((shot) => only.length === 0 || only.includes(shot.name))) {
    const site = await explorerSite(scratch, join(root, 'pretrained', folder), browser);
    const { page, close } = await site.open(view);
    await act?.(page);
    await page.waitForTimeout(2500);
    await page.screenshot({ path: join(out, `explorer-${name}.png`) });
    console.log(name);
    await close();
    await site.close();
  }
} finally {
  await browser.close();
  await rm(scratch, { recursive: true });
}
