import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

import type { Browser, Download, Page } from 'playwright-core';

import { serveFolders } from '../../packages/explorer/scripts/serve.mjs';
import { launchChromium } from '../chromium.js';

/** WebGL in software, for machines without a graphics card. */
export const SOFTWARE_GL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

export interface ExplorerSite {
  readonly address: string;
  /** Opens the explorer on a folder that the site serves, and waits until its space is there. */
  open(view?: ExplorerView): Promise<ExplorerPage>;
  /** What the server answers in place of a file, by path. */
  readonly instead: Map<string, (response: ServerResponse, range: string | undefined) => void>;
  close(): Promise<void>;
}

export interface ExplorerView {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** What stands after `#`. */
  readonly state?: string;
  readonly touch?: boolean;
  /** What the system says of motion; less of it unless said otherwise, so that pictures stand still. */
  readonly motion?: 'reduce' | 'no-preference';
  /** Runs in the page before anything of its own. */
  readonly before?: () => void;
  /** Does not wait: the folder cannot be opened. */
  readonly broken?: boolean;
  /** Another server of the same page and folder. */
  readonly address?: string;
  /** Lets the page keep itself for a reload offline; else no time goes into that. */
  readonly keeps?: boolean;
}

export interface ExplorerPage {
  readonly page: Page;
  /** What the console and uncaught errors said. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** The built page and a folder on a loopback port, with the content policy that the page promises to work under. */
export async function explorerSite(built: string, folder: string, browser?: Browser): Promise<ExplorerSite> {
  const instead: ExplorerSite['instead'] = new Map();
  const server = await serveFolders([built, folder], {
    intercept(path, request, response) {
      const answer = instead.get(path);
      answer?.(response, request.headers.range);
      return answer !== undefined;
    },
  });
  const running = browser ?? (await launchChromium(SOFTWARE_GL));
  return {
    ...{ address: server.address, instead },
    async open({
      width = 1440,
      height = 900,
      theme = 'light',
      state = '',
      touch = false,
      motion = 'reduce',
      before,
      broken = false,
      keeps = false,
      address = server.address,
    } = {}) {
      const context = await running.newContext({ viewport: { width, height }, colorScheme: theme, hasTouch: touch, reducedMotion: motion, acceptDownloads: true, serviceWorkers: keeps ? 'allow' : 'block' }); // prettier-ignore
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: address });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error.stack)));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      if (before !== undefined) await page.addInitScript(before);
      await page.goto(`${address}#${state}`);
      await page.locator(broken ? '.failure' : '.status').waitFor({ timeout: 60_000 });
      return { page, errors, close: () => context.close() };
    },
    async close() {
      if (browser === undefined) await running.close();
      server.close();
    },
  };
}

/** Text of a file that the page saves. */
export async function savedBytes(page: Page, act: () => Promise<void>): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download') as Promise<Download>, act()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** A browser that offers no WebGL: to be run before the page. */
export const withoutWebGl = (): void => {
  const real = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: [never]) {
    return String(args[0]).startsWith('webgl') ? null : real.apply(this, args);
  } as never;
};
