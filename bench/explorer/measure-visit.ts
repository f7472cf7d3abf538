import type { Browser } from 'playwright-core';

import { serveFolders } from '../../packages/explorer/scripts/serve.mjs';

/** A first visit through a line of 10 Mbit/s, with nothing in any cache. */
export interface Visit {
  /** From the start of the navigation to the first network drawn on the map, and to the first network looked at. */
  readonly paintMs: number;
  readonly readyMs: number;
  /** Bytes over the line: of the page, compressed, and of the folder. */
  readonly pageBytes: number;
  readonly folderBytes: number;
}

const LINE = 10_000_000;

/** A helper that tsx's compiler calls in functions that are sent to the page. */
export const NAMES = 'globalThis.__name ??= (named) => named';

/** Looks in each frame whether the map has a point; runs in the page before anything of its own. */
export function watchForPoints(): void {
  const seen = globalThis as { firstPoint?: number };
  const look = (): void => {
    const canvas = document.querySelector('netspace-explorer')?.shadowRoot?.querySelector<HTMLCanvasElement>('.points canvas');
    const context = canvas?.getContext('2d');
    if (canvas && context && canvas.width > 0 && context.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0)) {
      seen.firstPoint = performance.now();
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}

export async function measureVisit(browser: Browser, page: string, folder: string): Promise<Visit> {
  let [pageBytes, folderBytes] = [0, 0];
  const onSent = (path: string, bytes: number): void => {
    if (/\.(js|wasm|html|css|woff2)$/.test(path)) pageBytes += bytes;
    else folderBytes += bytes;
  };
  const server = await serveFolders([page, folder], { bitsPerSecond: LINE, onSent });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const tab = await context.newPage();
    await tab.addInitScript(NAMES);
    await tab.addInitScript(watchForPoints);
    await tab.goto(server.address);
    const paintMs = await tab.waitForFunction(() => (globalThis as { firstPoint?: number }).firstPoint).then((found) => found.jsonValue());
    await tab.locator('.status').waitFor({ timeout: 60_000 });
    const readyMs = await tab.evaluate(() => performance.now());
    return { paintMs: paintMs!, readyMs, pageBytes, folderBytes };
  } finally {
    await context.close();
    server.close();
  }
}
