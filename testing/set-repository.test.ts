import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

// @ts-expect-error: a plain script without types
import * as readmeLinks from '../scripts/packed/readme-links.mjs';
import { checkAddress, errorsPage, withAbsoluteLinks, withHelpAddress, withRepository } from '../scripts/set-repository.js';

const address = 'https://github.com/someone/netspace';

const { linksOut, withoutLinksOut } = readmeLinks as {
  linksOut(markdown: string): readonly string[];
  withoutLinksOut(markdown: string): string;
};

describe('a README in a package', () => {
  const text =
    'Part of [Net[0]Space](../../README.md). [`zoo`](../zoo/README.md "a zoo"), [L](LICENSE), [s](https://a.test/../b), ![p](../p.png)![q](q.png)';
  it('keeps the words of links that lead out of it, and all other links', () => {
    expect(linksOut(text)).toEqual(['../../README.md', '../zoo/README.md', '../p.png']);
    expect(withoutLinksOut(text)).toBe('Part of Net[0]Space. `zoo`, [L](LICENSE), [s](https://a.test/../b), ![q](q.png)');
    expect(linksOut(withAbsoluteLinks(text.replace(' "a zoo"', ''), address, 'packages/zoo'))).toEqual([]);
  });
});

describe('set-repository', () => {
  it('says where the sources of a package are, and replaces what was said before', () => {
    const once = withRepository({ name: '@netspace/zoo', license: 'MIT', type: 'module' }, address, 'packages/zoo');
    expect(Object.keys(once)).toEqual(['name', 'license', 'repository', 'homepage', 'bugs', 'type']);
    expect(once['repository']).toEqual({ type: 'git', url: `git+${address}.git`, directory: 'packages/zoo' });
    expect(withRepository(once, `${address}-2`, 'packages/zoo')['bugs']).toBe(`${address}-2/issues`);
  });
  it('makes relative links absolute, and leaves all others', () => {
    const links = '[a](../../README.md) [b](#limits) [c](https://example.org) ![d](../../docs/images/demo.png)';
    const absolute = withAbsoluteLinks(links, address, 'packages/zoo');
    expect(absolute).toBe(
      `[a](${address}/blob/main/README.md) [b](#limits) [c](https://example.org) ![d](${address}/raw/main/docs/images/demo.png)`,
    );
    expect(withAbsoluteLinks(absolute, `${address}-2`, 'packages/zoo', address)).toContain(`[a](${address}-2/blob/main/README.md)`);
  });
  it('tells errors where they are explained: on the site that is given, on the one that GitHub publishes, or in the repository', () => {
    expect(errorsPage(address)).toBe('https://someone.github.io/netspace/reference/errors.html');
    expect(errorsPage(address, 'https://netspace.test/docs/')).toBe('https://netspace.test/docs/reference/errors.html');
    expect(errorsPage('https://git.test/a/b')).toBe('https://git.test/a/b/blob/main/docs/reference/errors.md');
    for (const wrong of ["https://a.test/'", 'netspace.test'])
      expect(() => errorsPage(address, wrong)).toThrow(/expected the address of the site/);
  });
  it('writes that into the sources, again and again; an error then has the address of the entry of its code', async () => {
    const source = readFileSync(new URL('../packages/prep/src/help-address.ts', import.meta.url), 'utf8');
    const twice = withHelpAddress(withHelpAddress(source, errorsPage(`${address}-2`)), errorsPage(address));
    const file = join(mkdtempSync(join(tmpdir(), 'netspace-help-')), 'help-address.mjs');
    writeFileSync(file, transformSync(twice, { loader: 'ts' }).code);
    const { helpUrlOf } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { helpUrlOf(code: string): string };
    rmSync(dirname(file), { recursive: true });
    expect(helpUrlOf('NOT_FOUND')).toBe('https://someone.github.io/netspace/reference/errors.html#not_found');
    expect(() => withHelpAddress('export {};', 'x')).toThrow(/HELP_ADDRESS/);
  });
  it('takes an address with .git or a slash, and refuses what is none', () => {
    expect([`${address}.git`, `${address}/`].map(checkAddress)).toEqual([address, address]);
    for (const wrong of [undefined, 'netspace', 'git@github.com:someone/netspace', 'https://github.com']) {
      expect(() => checkAddress(wrong)).toThrow(/expected an address such as https:\/\/github\.com\/OWNER\/NAME/);
    }
  });
});
