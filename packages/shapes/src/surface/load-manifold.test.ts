import type { ManifoldToplevel } from 'manifold-3d';
import { describe, expect, it } from 'vitest';

import { loadManifold } from './load-manifold.js';

describe('loadManifold', () => {
  it('says why it did not start, tries again at the next call, and then starts once', async () => {
    const refused = new Error('refused by the content policy');
    await expect(loadManifold(() => Promise.reject(refused))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: /got "Error: refused by the content policy"/,
      cause: refused,
    });
    const manifold = await loadManifold();
    expect(manifold.Manifold.cube([1, 2, 3]).volume()).toBeCloseTo(6, 6);
    expect(await loadManifold(() => Promise.resolve({} as ManifoldToplevel))).toBe(manifold);
  });
});
