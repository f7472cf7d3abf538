import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { describe, expect, it } from 'vitest';

import { errorText } from './error-text.js';

const error = new NetSpaceError('NOT_FOUND', 'train: expected a file,\ngot none');

describe('errorText', () => {
  it('is one line, where the code is explained, and for programs code and message', () => {
    expect(errorText(error, { debug: false })).toEqual({
      text: `netspace: NOT_FOUND: train: expected a file, got none\nSee NOT_FOUND in ${join('docs', 'reference', 'errors.md')}\n`,
      json: JSON.stringify({ error: { code: 'NOT_FOUND', message: error.message } }),
    });
  });
  it('ends with the address of the entry, where the site has one', () => {
    const known = Object.defineProperty(new NetSpaceError('NOT_FOUND', 'none'), 'helpUrl', {
      value: 'https://site.test/errors.html#not_found',
    });
    const { text, json } = errorText(known, { debug: false });
    expect(text).toBe('netspace: NOT_FOUND: none\nSee https://site.test/errors.html#not_found\n');
    expect(JSON.parse(json)).toMatchObject({ error: { help: 'https://site.test/errors.html#not_found' } });
  });
  it('names no function to those who stopped a refinement', () => {
    const stopped = new NetSpaceError(
      'ABORTED',
      'optimizeLatent: stopped by its signal after 2 of 9 steps; abortedSearch(error) has what was found',
    );
    expect(errorText(stopped, { debug: false }).text).toBe('netspace: ABORTED: stopped after 2 of 9 steps\n');
  });
  it('has the stack if asked, and says of other errors that they were not expected', () => {
    expect(errorText(error, { debug: true }).text).toMatch(/^NetSpaceError: train.*\n +at /s);
    expect(errorText(new TypeError('x'.repeat(3000)), { debug: false }).text).toBe(`netspace: UNEXPECTED: ${'x'.repeat(2000)}\n`);
  });
});
