import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { buildExplorer } from './built-explorer.js';
import { launchChromium } from '../chromium.js';
import { writeDigitsFolder } from './folder.js';
import { type ExplorerPage, explorerSite, type ExplorerSite, type ExplorerView, SOFTWARE_GL } from './page.js';
import { writeShapesFolder } from './shapes.js';

/** What a page shows after a while: machines that also train are slow. */
export const soon = <T>(read: () => T) => expect.poll(read, { timeout: 30_000 });

/** The page of the explorer, built once for a suite, with two folders to show. */
export interface ExplorerStage {
  readonly folder: string;
  readonly browser: Browser;
  readonly digits: ExplorerSite;
  readonly shapes: ExplorerSite;
  readonly now: ExplorerPage;
  readonly page: Page;
  /** Another folder, closed with the suite. */
  site(folder: string): Promise<ExplorerSite>;
  /** Opens a page in place of the former one. */
  open(site: ExplorerSite, view?: ExplorerView): Promise<Page>;
  /** Forgets what the page complained of: the test wants it to. */
  forgive(): void;
  readonly subject: () => Promise<string>;
  readonly tab: (name: string) => Promise<void>;
  readonly button: (name: string | RegExp) => ReturnType<Page['getByRole']>;
  readonly value: (name: string) => Promise<string>;
  readonly drag: (points: readonly (readonly [number, number])[]) => Promise<void>;
  /** Waits until half a second changes nothing of what the page shows. */
  readonly standsStill: () => Promise<void>;
}

/**
 * Registers with the suite that calls it: builds the page and writes the folders before its tests, and asks after each whether the page complained.
 * Pages run on wasm, so that no time goes into trying the others, unless their state says so.
 */
export function explorerStage({ withShapes = false }: { readonly withShapes?: boolean } = {}): ExplorerStage {
  let [folder, browser, digits, shapes]: [string?, Browser?, ExplorerSite?, ExplorerSite?] = [];
  let now: ExplorerPage | undefined;
  const sites: ExplorerSite[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'explorer-page-'));
    await Promise.all([buildExplorer('test', join(folder, 'page')), writeDigitsFolder(join(folder, 'digits'), { images: 60 })]);
    if (withShapes) await writeShapesFolder(join(folder, 'shapes'));
    browser = await launchChromium(SOFTWARE_GL);
    digits = await stage.site(join(folder, 'digits'));
    if (withShapes) shapes = await stage.site(join(folder, 'shapes'));
  });
  afterAll(async () => {
    for (const site of sites) await site.close();
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    const errors = now?.errors;
    await now?.close();
    now = undefined;
    expect(errors ?? []).toEqual([]);
  });
  const given = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('explorerStage: expected to be within a test, after the suite has begun and a page is open');
    return value;
  };
  const stage: ExplorerStage = {
    get folder() {
      return given(folder);
    },
    get browser() {
      return given(browser);
    },
    get digits() {
      return given(digits);
    },
    get shapes() {
      return given(shapes);
    },
    get now() {
      return given(now);
    },
    get page() {
      return given(now).page;
    },
    async site(path) {
      const site = await explorerSite(join(given(folder), 'page'), path, given(browser));
      sites.push(site);
      return site;
    },
    async open(site, view = {}) {
      const errors = now?.errors ?? [];
      await now?.close();
      now = undefined;
      expect(errors).toEqual([]);
      const { state = '' } = view;
      now = await site.open({ ...view, state: /(^|&)runtime=/.test(state) ? state : `runtime=wasm&${state}` });
      return now.page;
    },
    forgive() {
      (given(now).errors as string[]).length = 0;
    },
    subject: () => stage.page.locator('.subject .name').innerText(),
    tab: (name) => stage.page.getByRole('tab', { name }).click(),
    button: (name) => stage.page.getByRole('button', { name }),
    value: (name) => stage.page.locator(`[data-value="${name}"]`).innerText(),
    async drag(points) {
      const { mouse } = stage.page;
      await mouse.move(...points[0]!);
      await mouse.down();
      for (const point of points.slice(1)) await mouse.move(...point, { steps: 4 });
      await mouse.up();
    },
    standsStill: () =>
      soon(async () => {
        const before = await stage.page.screenshot();
        await stage.page.waitForTimeout(500);
        return (await stage.page.screenshot()).equals(before);
      }).toBe(true),
  };
  return stage;
}

/** Drops files on the middle of the page. */
export async function dropFiles(
  page: Page,
  files: readonly { readonly name: string; readonly bytes: Uint8Array; readonly type?: string }[],
): Promise<void> {
  const list = files.map(({ name, bytes, type = '' }) => ({ name, type, text: Buffer.from(bytes).toString('base64') }));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, type, text } of all)
      data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name, { type }));
    return data;
  }, list);
  await page.locator('.app').dispatchEvent('dragover', { dataTransfer: transfer });
  await page.locator('.drop-veil').waitFor();
  await page.locator('.app').dispatchEvent('drop', { dataTransfer: transfer });
}

/**
 * Drags files or folders of this machine from its desktop onto the middle of the page: the browser's own input, so that it is the browser that
 * gives the page entries of a file system.
 */
export async function dragFromDesktop(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize()!;
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', {
      type,
      x: width / 2,
      y: height / 2,
      data: { items: [], files: [...paths], dragOperationsMask: 1 },
    });
  await send('dragEnter');
  await send('dragOver');
  await page.locator('.drop-veil').waitFor();
  await send('drop');
  await page.locator('.drop-veil').waitFor({ state: 'detached' });
  await session.detach();
}
