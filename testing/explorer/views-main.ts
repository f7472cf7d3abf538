// `npx tsx testing/explorer/views-main.ts [NAME …]`: makes the pictures of testing/explorer-views anew, after a view was changed on purpose.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import '@tensorflow/tfjs';
import { buildExplorer } from './built-explorer.js';
import { launchChromium } from '../chromium.js';
import { writeDigitsFolder } from './folder.js';
import { explorerSite, SOFTWARE_GL } from './page.js';
import { writeShapesFolder } from './shapes.js';
import { openingOf, pictureOf, VIEWS } from './views.js';

const names = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'explorer-views-'));
const browser = await launchChromium(SOFTWARE_GL);
try {
  await mkdir(join(import.meta.dirname, '../explorer-views'), { recursive: true });
  await buildExplorer('test', join(folder, 'page'));
  await writeDigitsFolder(join(folder, 'digits'), { images: 60 });
  await writeShapesFolder(join(folder, 'shapes'));
  for (const kind of ['digits', 'shapes'] as const) {
    const site = await explorerSite(join(folder, 'page'), join(folder, kind), browser);
    for (const view of VIEWS.filter((one) => one.folder === kind && (names.length === 0 || names.includes(one.name)))) {
      const { page, close } = await site.open(openingOf(view));
      await writeFile(join(import.meta.dirname, '../explorer-views', `${view.name}.png`), await pictureOf(page, view));
      await close();
      console.log(view.name);
    }
    await site.close();
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
