import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { guidePlace, packagedPage } from './guide-place.js';

it('is beside the page of error codes, on a site or in a repository, and is not made up', () => {
  const of = (errors: string) => guidePlace('is-it-good', errors);
  expect(of('https://owner.example/name/reference/errors.html#not_found')).toBe('https://owner.example/name/guide/is-it-good.html');
  expect(of('https://host.example/o/n/blob/main/docs/reference/errors.md#x')).toBe(
    'https://host.example/o/n/blob/main/docs/guide/is-it-good.md',
  );
  expect(of('https://elsewhere.example/help')).toBeUndefined();
});

it('is a file that can be opened, while the site has no address', () => {
  expect(readFileSync(packagedPage('guide/is-it-good.md')!, 'utf8')).toMatch(/^# Is my space any good\?/);
  expect(packagedPage('guide/no-such-page.md')).toBeUndefined();
});
