// What a user gets: packs all packages, checks the tarballs with publint and attw, installs them with npm and with pnpm into new projects
// outside the repository, and there type-checks and runs every program of every README on Node 20, 22 and 24, requires each package from
// CommonJS, starts the command, bundles each entry with Vite, webpack and esbuild, and runs a bundle of each and the pages of examples/stackblitz in Chromium. Leaves nothing
// behind but the Node programs in `node_modules/.cache`. `check-packed.mjs --only snippets,bundles` runs some of the checks, `--filter zoo`
// some of the programs, `--built` takes the packages as they are built.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { checks } from './packed/checks.mjs';
import { nodes } from './packed/nodes.mjs';
import { installAll, packInto } from './packed/projects.mjs';

const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const only = option('--only')?.split(',') ?? Object.keys(checks);
const unknown = only.find((name) => checks[name] === undefined);
if (unknown !== undefined) throw new Error(`expected --only of ${Object.keys(checks).join(', ')}, got ${unknown}`);

const started = Date.now();
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const timed = async (name, work) => {
  const from = Date.now();
  const result = await work();
  console.log(`  ${name} (${seconds(from)})`);
  return result;
};

ensureInstalled();
if (!process.argv.includes('--built')) ensureBuilt();
const parent = mkdtempSync(join(tmpdir(), 'netspace-packed-'));
let failed = 0;
try {
  const tarballs = await timed('packed', () => packInto(mkdtempSync(join(parent, 'tarballs-'))));
  const programs = await timed('Node 20, 22 and 24 are there', nodes);
  const projects = await timed('installed with npm and with pnpm', () => installAll(parent, tarballs));
  for (const name of only) {
    const from = Date.now();
    const { done, errors } = await checks[name]({ parent, tarballs, projects, nodes: programs, filter: option('--filter') });
    for (const error of errors) console.error(`${error instanceof Error ? error.message : error}\n`);
    console.log(`${errors.length === 0 ? '✓' : '✗'} ${name}: ${done} (${seconds(from)})`);
    failed += errors.length;
  }
} finally {
  rmSync(parent, { recursive: true, force: true });
}
console.log(`${failed === 0 ? 'all is well' : `${failed} failed`} (${seconds(started)})`);
process.exitCode = failed === 0 ? 0 : 1;
