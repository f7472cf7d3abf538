import { describe, expect, it } from 'vitest';

import { NetSpaceError } from './errors.js';

describe('NetSpaceError', () => {
  it('keeps a message of up to 2,000 characters', () => {
    expect(new NetSpaceError('CORRUPT_FILE', 'x'.repeat(2000)).message).toBe('x'.repeat(2000));
  });
  it('leaves out the middle of a longer one, and keeps both ends', () => {
    const { message } = new NetSpaceError('CORRUPT_FILE', `expected ${'x'.repeat(20_000_000)}; rename it`);
    expect(message.length).toBeLessThanOrEqual(2000);
    expect(message).toMatch(/^expected x+ … \(19998120 characters left out\) … x+; rename it$/);
  });
});
