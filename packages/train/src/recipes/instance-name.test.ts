import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { instanceNameOf } from './instance-name.js';

describe('instanceNameOf', () => {
  it.each([
    ['kenney_chair.v2', 'kenney_chair.v2'],
    ['Stuhl ü', 'Stuhl-u'],
    ['chair a', 'chair-a'],
    ['+bench', 'bench'],
    ['Straße', 'Strasse'],
    ['椅子', 'u6905u5b50'],
    ['стул', 'u441u442u443u43b'],
    ['\u001b[31mred', '31mred'],
    ['...', 'mesh'],
    ['../../etc/passwd', 'etc-passwd'],
  ])('writes %j as %j', (name, stored) => {
    expect(instanceNameOf(name)).toBe(stored);
  });

  it('gives a name that stores take, for any, and leaves those', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (name) => {
        const stored = instanceNameOf(name);
        expect(stored).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);
        expect(instanceNameOf(stored)).toBe(stored);
      }),
    );
  });
});
