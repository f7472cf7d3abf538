import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'vite';

import { root } from '../bootstrap.mjs';
import { titleInChromium } from './chromium.mjs';

const FOLDER = `${root}examples/stackblitz`;

/** Each project of examples/stackblitz, built with the packed packages as its own `npm run build` does, shows the title that its head tells. */
export async function pages({ parent, projects }) {
  const { folder: project } = projects.find(({ manager }) => manager === 'npm');
  const names = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const errors = [];
  for (const { name } of names) {
    const folder = join(parent, name);
    cpSync(join(FOLDER, name), folder, { recursive: true });
    symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
    const { dependencies, scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const source = readFileSync(join(folder, 'main.js'), 'utf8');
    const imported = [...source.matchAll(/^import (?:.* from )?'((?:@[\w-]+\/)?[\w-]+)/gm)].map(([, one]) => one);
    const undeclared = imported.filter((one) => dependencies[one] === undefined);
    if (undeclared.length > 0) errors.push(`${name} imports ${undeclared.join(', ')}, and its package.json does not say so`);
    if (scripts.dev !== 'vite' || scripts.build !== 'vite build') errors.push(`${name}: expected dev and build by vite`);
    await build({ root: folder, configFile: false, logLevel: 'silent', build: { target: 'esnext', chunkSizeWarningLimit: 5000 } });
    const title = await titleInChromium(join(folder, 'dist'));
    const expected = /^\/\/ Output, as the page's title: (.*)$/m.exec(source)?.[1];
    if (title !== undefined && title !== expected) errors.push(`${name}: expected a page titled ${expected}, got ${title}`);
  }
  return { done: `${names.length} pages of examples/stackblitz, built and opened`, errors };
}
