// `npm run monkey -- [--minutes 10] [--seed 1] [--folder DIR] [--width 1440]`: presses, drags and types at random on the explorer's page, in
// Chromium. Fails if the page reports an error, or if a tensor is left behind.
import '@tensorflow/tfjs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { buildExplorer } from './built-explorer.js';
import { writeDigitsFolder } from './folder.js';
import { monkey } from './monkey.js';
import { explorerSite } from './page.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
    width: { type: 'string', default: '1440' },
  },
});
const scratch = await mkdtemp(join(tmpdir(), 'explorer-monkey-'));
try {
  await buildExplorer('test', join(scratch, 'page'));
  if (values.folder === undefined) await writeDigitsFolder(join(scratch, 'folder'));
  const site = await explorerSite(join(scratch, 'page'), values.folder ?? join(scratch, 'folder'));
  const { page, errors } = await site.open({ width: Number(values.width) });
  let acts = 0;
  try {
    const outcome = await monkey(page, { seconds: 60 * Number(values.minutes), seed: Number(values.seed), onAct: (done) => (acts = done) });
    console.log(JSON.stringify({ ...outcome, errors }, undefined, 2));
    if (errors.length > 0 || outcome.tensorsAfter !== outcome.tensorsBefore) process.exitCode = 1;
  } catch (error) {
    // What the page showed then: nobody can repeat the acts to the millisecond.
    await mkdir(join(root, 'out'), { recursive: true });
    await page.screenshot({ path: join(root, 'out/monkey.png') });
    const shown = await page.locator('.panel').innerText();
    console.error(JSON.stringify({ acts, at: page.url(), errors, shown, picture: 'out/monkey.png' }, undefined, 2));
    throw error;
  } finally {
    await site.close();
  }
} finally {
  await rm(scratch, { recursive: true });
}
