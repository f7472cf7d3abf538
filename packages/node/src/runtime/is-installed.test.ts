import { describe, expect, it } from 'vitest';

import { isInstalled } from './is-installed.js';

describe('isInstalled', () => {
  it('finds packages of ES modules and of CommonJS, and none that is not there', () => {
    expect(['webgpu', 'mnist', '@tensorflow/tfjs-core', 'strip-json-comments'].map(isInstalled)).toEqual([true, true, true, true]);
    expect(isInstalled('no-such-package-of-netspace')).toBe(false);
  });
});
