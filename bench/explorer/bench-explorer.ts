import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';

import { serveFolders } from '../../packages/explorer/scripts/serve.mjs';
import { launchChromium } from '../../testing/chromium.js';
import { machineFacts, taken } from '../results.js';
import type { ExplorerResult } from './explorer-result.js';
import { measureCrowds } from './measure-crowd.js';
import { measureDrags } from './measure-drag.js';
import { measureFrames } from './measure-frames.js';
import { measureVisit, NAMES } from './measure-visit.js';
import { explorerTable } from './table.js';

const root = new URL('../../', import.meta.url).pathname;
/** Fluid, and usable. */
const CROWDS = [10_000, 100_000];
const SPACES = ['digits', 'classifiers', 'chairs'];
const ENGINE = '<!doctype html><title>engine</title>';

/**
 * Measures the built explorer on the shipped spaces in Chromium: a first visit, drags, the main thread's frames, maps of many networks. A trace of the drags, which
 * Chromium's own tools open, is left in `out/`.
 */
export async function benchExplorer(out: string): Promise<void> {
  const page = `${root}packages/explorer/dist/page`;
  if (!existsSync(`${page}/index.html`)) throw new Error('bench: expected the built explorer; npm run build first');
  mkdirSync(`${root}out`, { recursive: true });
  const load = loadavg()[0]!;
  const results: ExplorerResult[] = [];
  for (const space of SPACES.filter((name) => existsSync(`${root}pretrained/${name}/explorer.json`))) {
    const folder = `${root}pretrained/${space}`;
    const browser = await launchChromium();
    const server = await serveFolders([page, folder], {
      intercept(path, _, response) {
        if (path === '/blank.html') response.writeHead(200, { 'content-type': 'text/html' }).end(ENGINE);
        return path === '/blank.html';
      },
    });
    try {
      const visit = await measureVisit(browser, page, folder);
      const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await tab.addInitScript(NAMES);
      await tab.goto(`${server.address}blank.html`);
      const drags = await measureDrags(tab, server.address);
      await browser.startTracing(tab, { path: `${root}out/explorer-${space}-trace.json` });
      await tab.goto(server.address);
      await tab.locator('.status').waitFor({ timeout: 60_000 });
      const frames = await measureFrames(tab);
      await browser.stopTracing();
      results.push({ space, visit, drags, frames });
    } finally {
      await browser.close();
      server.close();
    }
  }
  const crowds = await measureCrowds(page, `${root}pretrained/digits`, CROWDS);
  const machine = { ...machineFacts(1, undefined), load: Number(load.toFixed(1)), ...taken() };
  const table = explorerTable({ results, crowds });
  console.log(table);
  writeFileSync(`${out}explorer.json`, `${JSON.stringify({ machine, results, crowds }, undefined, 2)}\n`);
  const facts = Object.entries(machine).map(([key, value]) => `${key} ${value}`);
  writeFileSync(`${out}explorer.md`, `${facts.join(', ')}\n\n${table}\n`);
}
