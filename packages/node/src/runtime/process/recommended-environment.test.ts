import { describe, expect, it } from 'vitest';

import { recommendedEnvironment } from './recommended-environment.js';

describe('recommendedEnvironment', () => {
  it.runIf(process.platform === 'linux')('names what is missing and leaves what the user set', () => {
    expect(recommendedEnvironment({ MALLOC_TOP_PAD_: '1' })).toEqual({ MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '40000000000' });
  });
  it('has nothing to add to itself', () => {
    expect(recommendedEnvironment({ ...recommendedEnvironment({}) })).toEqual({});
  });
});
