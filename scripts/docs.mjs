// `npm run docs` builds the site in docs/ and serves it; `npm run docs -- --build` only builds it, into docs/.vitepress/dist, with the API
// reference, and fails for a link that leads nowhere; `npm run docs -- --dev` serves the sources and reloads a page when it changes.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ensureInstalled, root, run, runSource } from './bootstrap.mjs';

const dist = `${root}docs/.vitepress/dist`;
const base = process.env.DOCS_BASE ?? '/';
const bin = (name, args) => {
  if (run(`${root}node_modules/.bin/${name}`, args) !== 0) process.exit(1);
};

ensureInstalled();
runSource('scripts/docs/reference.ts', []);
if (process.exitCode) process.exit();
addExplorer();
if (process.argv.includes('--dev')) {
  spawnSync(`${root}node_modules/.bin/vitepress`, ['dev', 'docs'], { cwd: root, stdio: 'inherit' });
} else {
  bin('vitepress', ['build', 'docs']);
  // With --no-api the API reference is left out, and links to it are not looked at.
  const withApi = !process.argv.includes('--no-api');
  if (withApi) bin('typedoc', ['--out', `${dist}/api`]);
  const dead = deadLinks(withApi);
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

/** Every link and picture of every page leads to a file of the site, and to a heading that is there. */
function deadLinks(withApi) {
  const pages = filesIn(dist).filter((file) => file.endsWith('.html') && !file.startsWith(join(dist, 'api')));
  const texts = new Map();
  const textOf = (file) => texts.get(file) ?? texts.set(file, readFileSync(file, 'utf8')).get(file);
  return pages.flatMap((page) =>
    [...textOf(page).matchAll(/(?:href|src)="([^"]+)"/g)].flatMap(([, link]) => {
      const [path, heading] = decodeURI(link.replaceAll('&amp;', '&')).split('#');
      if (/^([a-z]+:|\/\/)/i.test(path) || (!withApi && path.startsWith(`${base}api/`))) return [];
      const target = path === '' ? page : path.startsWith('/') ? join(dist, path.slice(base.length - 1)) : join(dirname(page), path);
      const file = existsSync(target) && statSync(target).isDirectory() ? join(target, 'index.html') : target;
      if (!existsSync(file)) return [`${page.slice(dist.length + 1)}: ${link} leads nowhere`];
      const isPage = heading !== undefined && heading !== '' && file.endsWith('.html') && !file.startsWith(join(dist, 'api'));
      return isPage && !textOf(file).includes(`id="${heading}"`) ? [`${page.slice(dist.length + 1)}: ${link} has no such heading`] : [];
    }),
  );
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
