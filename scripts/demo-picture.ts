// `npx tsx scripts/demo-picture.ts [REPORT]`: the picture of the README, of the two walks in the report of `npm run demo`, into docs/images.
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { SOFTWARE_GL } from '../testing/explorer/page.js';
import { launchChromium } from '../testing/chromium.js';

/** Titles of the sections that are shown, the first figure of each. */
const SHOWN = ['From a weak network to a strong one', 'Between two shapes'];

const root = fileURLToPath(new URL('..', import.meta.url));
const report = process.argv[2] ?? `${root}out/demo/report.html`;
const browser = await launchChromium(SOFTWARE_GL);
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 1200 } });
  await page.goto(pathToFileURL(resolve(report)).href);
  await page.waitForLoadState('networkidle');
  await page.evaluate((shown) => {
    const sections = [...document.querySelectorAll('section')];
    const kept = sections.filter((section) => shown.includes(section.querySelector('h2')?.textContent.trim() ?? ''));
    if (kept.length !== shown.length) throw new Error(`expected the sections ${shown.join(' and ')}, got ${kept.length} of them`);
    for (const section of sections) if (!kept.includes(section)) section.remove();
    for (const section of kept) [...section.querySelectorAll('figure')].slice(1).forEach((figure) => figure.remove());
    for (const other of document.querySelectorAll('h1, header, nav, footer')) other.remove();
  }, SHOWN);
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.waitForTimeout(3000); // the shapes are drawn one after the other
  await page.screenshot({ path: `${root}docs/images/demo.png`, fullPage: true });
} finally {
  await browser.close();
}
