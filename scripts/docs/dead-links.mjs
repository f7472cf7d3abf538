import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Every link and picture of every page of a built site leads to a file of the site, and to a heading that is there: one line for each that
 * does not. The pages of the API reference in `api/` are among them; without it (`withApi` false), links to it are not looked at.
 */
export function deadLinks(dist, { base, withApi }) {
  const pages = filesIn(dist).filter((file) => file.endsWith('.html') && (withApi || !file.startsWith(join(dist, 'api'))));
  const texts = new Map();
  const textOf = (file) => texts.get(file) ?? texts.set(file, readFileSync(file, 'utf8')).get(file);
  return pages.flatMap((page) =>
    [...textOf(page).matchAll(/(?:href|src)="([^"]+)"/g)].flatMap(([, link]) => {
      const [path, heading] = decodeURI(link.replaceAll('&amp;', '&')).split('#');
      if (/^([a-z]+:|\/\/)/i.test(path) || (!withApi && path.startsWith(`${base}api/`))) return [];
      const target = path === '' ? page : path.startsWith('/') ? join(dist, path.slice(base.length - 1)) : join(dirname(page), path);
      const file = existsSync(target) && statSync(target).isDirectory() ? join(target, 'index.html') : target;
      if (!existsSync(file)) return [`${page.slice(dist.length + 1)}: ${link} leads nowhere`];
      const isPage = heading !== undefined && heading !== '' && file.endsWith('.html');
      return isPage && !textOf(file).includes(`id="${heading}"`) ? [`${page.slice(dist.length + 1)}: ${link} has no such heading`] : [];
    }),
  );
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
