import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../bootstrap.mjs';

/**
 * Writes README.md for the first page of the API reference, and gives the path of the file. A relative link would lead to a file that is not
 * part of the reference. So a link to a page of the site leads there, a link to a package to its part of the reference, any other link to the
 * repository, or it becomes plain text as long as the repository's address is not known.
 */
export function writeApiReadme() {
  const folder = `${root}docs/.vitepress/cache`;
  const { repository } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const sources = repository?.url.replace(/^git\+/, '').replace(/\.git$/, '');
  const text = readFileSync(`${root}README.md`, 'utf8').replaceAll(LINK, (link, image, words, to) => {
    if (image === '!') return `![${words}](../../../${to})`; // typedoc copies it
    const address = addressOf(to, sources);
    if (address !== undefined) return `[${words}](${address})`;
    return words.includes('.') && !words.includes('`') ? `\`${words}\`` : words; // ARCHITECTURE.md is no address of the web
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'api-readme.md'), text);
  return join(folder, 'api-readme.md');
}

/** A link or picture that leads to a file of the repository. */
const LINK = /(!?)\[([^\][]+)\]\((?![a-z]+:|#|\/)([^)\s]+)\)/gi;

function addressOf(to, sources) {
  const page = /^docs\/((?:guide|reference|experiments|decisions)\/[\w-]+|[\w-]+)\.md(#.*)?$/.exec(to);
  if (page !== null) return `../${page[1]}.html${page[2] ?? ''}`;
  const part = /^packages\/([\w-]+)\/README\.md$/.exec(to)?.[1];
  if (part !== undefined && part !== 'netspace') return `modules/_netspace_${part}.html`;
  return sources === undefined ? undefined : `${sources}/blob/main/${to}`;
}
