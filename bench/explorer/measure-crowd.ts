import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serveFolders } from '../../packages/explorer/scripts/serve.mjs';
import { launchChromium } from '../../testing/chromium.js';
import { writeCrowdFolder } from '../../testing/explorer/crowd.js';
import { SOFTWARE_GL, withoutWebGl } from '../../testing/explorer/page.js';
import { type Frames, measureFrames, type Motion } from './measure-frames.js';
import { NAMES, watchForPoints } from './measure-visit.js';

/** A map of many networks, on loopback. */
export interface Crowd {
  readonly networks: number;
  readonly drawnBy: 'WebGL, in software' | '2-D canvas';
  /** From the start of the navigation to the first point on the map, and to the first network looked at. */
  readonly paintMs: number;
  readonly readyMs: number;
  readonly frames: Readonly<Record<Motion, Frames>>;
}

/** Copies of the networks of a folder, moved a little apart: so many that WebGL draws them, where there is WebGL. */
export async function measureCrowds(page: string, folder: string, counts: readonly number[]): Promise<readonly Crowd[]> {
  const crowds: Crowd[] = [];
  for (const networks of counts) {
    const scratch = await mkdtemp(join(tmpdir(), 'explorer-crowd-'));
    try {
      await writeCrowdFolder(folder, scratch, networks);
      for (const drawnBy of ['WebGL, in software', '2-D canvas'] as const)
        crowds.push(await measureCrowd(page, scratch, networks, drawnBy));
    } finally {
      await rm(scratch, { recursive: true });
    }
  }
  return crowds;
}

async function measureCrowd(page: string, folder: string, networks: number, drawnBy: Crowd['drawnBy']): Promise<Crowd> {
  const server = await serveFolders([page, folder]);
  const browser = await launchChromium(SOFTWARE_GL);
  try {
    const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await tab.addInitScript(NAMES);
    await tab.addInitScript(watchForPoints);
    if (drawnBy === '2-D canvas') await tab.addInitScript(withoutWebGl);
    await tab.goto(`${server.address}#runtime=wasm&shade=0`);
    const paintMs = await tab.waitForFunction(() => (globalThis as { firstPoint?: number }).firstPoint).then((found) => found.jsonValue());
    await tab.locator('.status').waitFor({ timeout: 120_000 });
    const readyMs = await tab.evaluate(() => performance.now());
    return {
      ...{ networks, drawnBy, paintMs: paintMs!, readyMs },
      frames: {
        cursor: await measureFrames(tab, 'cursor'),
        hover: await measureFrames(tab, 'hover'),
        pan: await measureFrames(tab, 'pan'),
        zoom: await measureFrames(tab, 'zoom'),
      },
    };
  } finally {
    await browser.close();
    server.close();
  }
}
