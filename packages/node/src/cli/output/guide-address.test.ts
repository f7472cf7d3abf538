import { expect, it } from 'vitest';

import { guideAddress } from './guide-address.js';

it('is beside the page of error codes, on a site or in a repository, and is not made up', () => {
  const of = (errors?: string) => guideAddress('is-it-good', errors);
  expect(of('https://owner.example/name/reference/errors.html#not_found')).toBe('https://owner.example/name/guide/is-it-good.html');
  expect(of('https://host.example/o/n/blob/main/docs/reference/errors.md#x')).toBe(
    'https://host.example/o/n/blob/main/docs/guide/is-it-good.md',
  );
  expect(of('https://elsewhere.example/help')).toBeUndefined();
});
