import * as util from 'node:util';
import { createRequire } from 'node:module';

import { describe, expect, it } from 'vitest';

import { mendUtil } from './mend-util.js';

describe('mendUtil', () => {
  it('gives CommonJS code what newer Nodes lack', () => {
    mendUtil();
    const required = createRequire(import.meta.url)('util') as {
      isNullOrUndefined(value: unknown): boolean;
      isArray(value: unknown): boolean;
    };
    expect([undefined, null, 0, '', []].map((value) => required.isNullOrUndefined(value))).toEqual([true, true, false, false, false]);
    expect(required.isArray([])).toBe(true);
    expect(util.inspect).toBeTypeOf('function');
  });
});
