// `npm run docs` builds the site in docs/ and serves it; `npm run docs -- --build` only builds it, into docs/.vitepress/dist, with the API
// reference, and fails for a link that leads nowhere; `npm run docs -- --dev` serves the sources and reloads a page when it changes.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';

import { ensureInstalled, root, run, runSource } from './bootstrap.mjs';
import { writeApiReadme } from './docs/api-readme.mjs';
import { deadLinks } from './docs/dead-links.mjs';

const dist = `${root}docs/.vitepress/dist`;
const base = process.env.DOCS_BASE ?? '/';
const bin = (name, args) => {
  if (run(`${root}node_modules/.bin/${name}`, args) !== 0) process.exit(1);
};

ensureInstalled();
await runSource('scripts/docs/reference.ts', []);
if (process.exitCode) process.exit();
addExplorer();
if (process.argv.includes('--dev')) {
  spawnSync(`${root}node_modules/.bin/vitepress`, ['dev', 'docs'], { cwd: root, stdio: 'inherit' });
} else {
  bin('vitepress', ['build', 'docs']);
  // With --no-api the API reference is left out, and links to it are not looked at.
  const withApi = !process.argv.includes('--no-api');
  if (withApi) bin('typedoc', ['--out', `${dist}/api`, '--readme', writeApiReadme()]);
  const dead = deadLinks(dist, { base, withApi });
  for (const line of dead) console.error(line);
  if (dead.length > 0) process.exit(1);
  console.log(`the site is in ${dist}`);
  if (!process.argv.includes('--build'))
    spawnSync(`${root}node_modules/.bin/vitepress`, ['preview', 'docs'], { cwd: root, stdio: 'inherit' });
}

/** The explorer with the digits, as `netspace explore --out` writes it: docs/explorer.md shows it. */
function addExplorer() {
  const page = `${root}packages/explorer/dist/page`;
  if (!existsSync(`${page}/netspace-explorer.js`)) {
    console.error('the explorer is not built: npm run build makes what docs/explorer.md shows');
    process.exit(1);
  }
  const target = `${root}docs/public/explorer`;
  rmSync(target, { recursive: true, force: true });
  for (const folder of [page, `${root}pretrained/digits`]) cpSync(folder, target, { recursive: true });
}
