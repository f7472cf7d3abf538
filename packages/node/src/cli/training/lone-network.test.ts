import { expect, it } from 'vitest';

import { loneNetworkNote } from './lone-network.js';

const entries = (...names: readonly string[]) => names.map((name) => ({ name }));

it('loneNetworkNote warns of a space that learns from one network, by its name, with the way out', () => {
  expect(loneNetworkNote(entries('a', 'b'), [], { zoo: 'zoo' })).toBeUndefined();
  expect(loneNetworkNote(entries('a'), [], { zoo: 'my-zoo' })).toMatch(
    /^warning: .* one network, a: .* add networks to my-zoo: more seeds.* the same netspace zoo build again$/,
  );
  expect(loneNetworkNote(entries('a'), [], { zoo: 'my-zoo', netspace: 'npx netspace' })).toMatch(/ the same npx netspace zoo build again$/);
  expect(loneNetworkNote(entries('a'), ['b', 'c'], { zoo: 'zoo' })).toMatch(/hold out fewer than 2 \(holdOut in the config\)/);
});
