import { describe, expect, it } from 'vitest';

import { checkAddress, withAbsoluteLinks, withRepository } from '../scripts/set-repository.js';

const address = 'https://github.com/someone/netspace';

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
  it('takes an address with .git or a slash, and refuses what is none', () => {
    expect([`${address}.git`, `${address}/`].map(checkAddress)).toEqual([address, address]);
    for (const wrong of [undefined, 'netspace', 'git@github.com:someone/netspace', 'https://github.com']) {
      expect(() => checkAddress(wrong)).toThrow(/expected an address such as https:\/\/github\.com\/OWNER\/NAME/);
    }
  });
});
