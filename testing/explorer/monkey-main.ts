// `npm run monkey -- [--minutes 10] [--seed 1] [--folder DIR] [--width 1440]`: presses, drags and types at random on the explorer's page, in
// Chromium. Fails if the page reports an error, or if a tensor is left behind.
import '@tensorflow/tfjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { buildExplorer } from './built-explorer.js';
import { writeDigitsFolder } from './folder.js';
import { monkey } from './monkey.js';
import { explorerSite } from './page.js';

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
  const outcome = await monkey(page, { seconds: 60 * Number(values.minutes), seed: Number(values.seed) });
  console.log(JSON.stringify({ ...outcome, errors }, undefined, 2));
  if (errors.length > 0 || outcome.tensorsAfter !== outcome.tensorsBefore) process.exitCode = 1;
  await site.close();
} finally {
  await rm(scratch, { recursive: true });
}
