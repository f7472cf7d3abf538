import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { bundleViewer } from '../examples/demo/viewer.js';

describe('the viewer that the demo puts into its page', () => {
  it('is bundled from the sources, without the library of solids', async () => {
    const script = await bundleViewer(fileURLToPath(new URL('..', import.meta.url)));
    expect(script).toContain('WebGLRenderer');
    expect(script).not.toContain('manifold');
    expect(script.length).toBeLessThan(700_000);
  });
});
