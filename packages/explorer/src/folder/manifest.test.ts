import { describe, expect, it } from 'vitest';

import { FOLDER_LIMITS } from './limits.js';
import { type ExplorerManifest, readExplorerManifest } from './manifest.js';

const manifest: ExplorerManifest = {
  schemaVersion: 1,
  title: 'Digits',
  description: 'Classifiers of digits',
  kind: 'classifier',
  space: 'space/space.json',
  embeddings: 'embeddings.safetensors',
  networks: [{ name: 'a', architecture: 'lenet-like', heldOut: true, metrics: { testAccuracy: 0.5 } }],
};
const read = (value: unknown) => readExplorerManifest(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));

describe('readExplorerManifest', () => {
  it('reads what was written', () => {
    expect(read(manifest)).toEqual(manifest);
    const refined = { ...manifest, refineSteps: 300, freeEmbeddings: true, known: 'space/known.safetensors' };
    expect(read(refined)).toEqual(refined);
  });

  it.each([
    '../space.json',
    '/space.json',
    'a/../b',
    'a//b',
    'https://x/y',
    'a\\b',
    'a?b',
    'a#b',
    '%2e%2e/x',
    '',
    './a',
    'a\u0000b',
    'x'.repeat(501),
  ])('refuses the path %j, which leads out of the folder or may', (space) => {
    expect(() => read({ ...manifest, space })).toThrow(
      expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringContaining('path within the folder') as string }),
    );
  });

  it.each([
    [{ ...manifest, schemaVersion: 2 }, 'UNSUPPORTED', /schemaVersion 1, got 2/],
    [{ ...manifest, kind: 'gan' }, 'CORRUPT_FILE', /kind/],
    [{ ...manifest, titel: 'x' }, 'CORRUPT_FILE', /titel/],
    [{ ...manifest, title: undefined }, 'CORRUPT_FILE', /title/],
    [{ ...manifest, networks: [manifest.networks[0], manifest.networks[0]] }, 'CORRUPT_FILE', /got a twice/],
    [{ ...manifest, networks: [{ ...manifest.networks[0], metrics: { testAccuracy: null } }] }, 'CORRUPT_FILE', /metrics/],
    [{ ...manifest, classes: [] }, 'CORRUPT_FILE', /classes/],
    [{ ...manifest, networks: Array(FOLDER_LIMITS.networks + 1).fill(0) }, 'LIMIT_EXCEEDED', /100000 networks, got 100001/],
    ['<!doctype html>', 'CORRUPT_FILE', /expected JSON/],
    ['['.repeat(1000), 'CORRUPT_FILE', /expected JSON/],
    [null, 'CORRUPT_FILE', /an object/],
  ])('refuses %j', (value, code, message) => {
    expect(() => read(value)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as string }));
  });
});
