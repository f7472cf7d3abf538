// `npx tsx experiments/gallery/main.ts` writes `docs/gallery.md` from the committed results of the experiments; those without any are left out.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { experimentNames } from '../shared/catalog.js';
import { formatMarkdown } from '../shared/results/format-markdown.js';
import { root } from '../shared/root.js';
import { galleryPage, type GalleryEntry } from './gallery-page.js';

const files = experimentNames().map((name) => join(root, 'experiments', name, 'results.json'));
const entries = [];
for (const file of files.filter((candidate) => existsSync(candidate))) {
  entries.push(JSON.parse(await readFile(file, 'utf8')) as GalleryEntry);
}
const target = join(root, 'docs/gallery.md');
await writeFile(target, await formatMarkdown(galleryPage(entries)));
console.log(`Written to ${target}: ${entries.map(({ experiment }) => experiment).join(', ')}`);
