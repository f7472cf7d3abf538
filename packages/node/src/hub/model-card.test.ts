import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { ExplorerManifest } from '@netspace/explorer';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { modelCard } from './model-card.js';

const network = (name: string, heldOut: boolean, metrics: Record<string, number>) => ({ name, architecture: 'a', heldOut, metrics });
const manifest: ExplorerManifest = {
  ...{ schemaVersion: 1, title: 'Digits: "two" # lines\nof title', description: 'About\n---\nlicense: evil', kind: 'classifier' },
  ...{ space: 'space/space.json', embeddings: 'embeddings.safetensors', command: 'netspace export x' },
  networks: [
    network('n0', false, { testAccuracy: 0.9, predictedAccuracy: 0.1, agreement: 0.1 }),
    network('n1', true, { testAccuracy: 0.9, predictedAccuracy: 0.86, agreement: 0.8 }),
    network('n2', true, { testAccuracy: 0.5, predictedAccuracy: 0.52, agreement: 0.6 }),
  ],
};
const split = (card: string) => {
  const [, yaml, body] = /^---\n(.*?)\n---\n\n(.*)$/s.exec(card)!;
  return { metadata: parse(yaml!) as Record<string, unknown>, body: body! };
};

/** Every key that `modelcard.md` of huggingface/hub-docs has for a model, with the kind of its value. */
const SPEC: Readonly<Record<string, 'text' | 'list'>> = {
  ...{ license: 'text', license_name: 'text', license_link: 'text', library_name: 'text', pipeline_tag: 'text', new_version: 'text' },
  ...{ language: 'list', tags: 'list', datasets: 'list', metrics: 'list', base_model: 'list' },
};

/** The identifiers of licenses that the hub's own client knows. */
function hubLicenses(): readonly string[] {
  const client = dirname(createRequire(import.meta.url).resolve('@huggingface/hub'));
  const source = readFileSync(join(client, '../src/types/public.ts'), 'utf8');
  return [.../export type License =(.*?);/s.exec(source)![1]!.matchAll(/"([^"]+)"/g)].map(([, id]) => id!);
}

describe('modelCard', () => {
  it('has the metadata of a hub, as another YAML parser reads it', () => {
    const { metadata } = split(modelCard({ ...manifest, license: 'CC0-1.0' }, { dataset: 'mnist' }));
    expect(metadata).toEqual({
      ...{ license: 'cc0-1.0', library_name: 'netspace', datasets: ['ylecun/mnist'], metrics: ['accuracy'] },
      tags: ['netspace', 'weight-space-learning', 'hypernetwork', 'tensorflow.js', 'image-classification'],
    });
  });
  it('says whether figures are of refined encodings, or of guesses', () => {
    const bodyOf = (more: Partial<ExplorerManifest>) => split(modelCard({ ...manifest, ...more })).body;
    expect(bodyOf({ refineSteps: 300 })).toMatch(/of refined encodings, each moved in 300 steps .*The encoder alone is worse/);
    expect(bodyOf({ refineSteps: 300, freeEmbeddings: true })).toMatch(/of refined encodings, .*trained with free embeddings/);
    expect(bodyOf({ freeEmbeddings: true })).toMatch(/trained with free embeddings: .* here are such guesses; refine/);
    expect(bodyOf({})).not.toMatch(/refine|guess/);
  });
  it.each([
    [undefined, undefined],
    ['MIT', 'mit'],
    ['CC-BY-4.0', 'cc-by-4.0'],
    ['My own: "terms" #1', 'other'],
  ])('writes license %j as the hub knows it, and only keys and kinds of the specification', (license, expected) => {
    const { metadata } = split(modelCard({ ...manifest, kind: 'sdf', ...(license !== undefined && { license }) }));
    expect(metadata['license']).toBe(expected);
    if (expected !== undefined) expect(hubLicenses()).toContain(expected);
    expect(metadata['license_name']).toBe(expected === 'other' ? 'my-own-terms-1' : undefined);
    for (const [key, value] of Object.entries(metadata)) {
      expect(SPEC[key], key).toBe(Array.isArray(value) ? 'list' : 'text');
      for (const one of [value].flat()) expect(one).toBeTypeOf('string');
    }
  });
  it('knows no license that the hub does not', () => {
    const listed = [...readFileSync(new URL('model-card.ts', import.meta.url), 'utf8').matchAll(/\.\.\.\[('[^\]]*)\]/g)]
      .slice(0, 3)
      .flatMap(([, names]) => [...names!.matchAll(/'([^']+)'/g)].map(([, name]) => name!));
    expect(listed.length).toBeGreaterThan(25);
    expect(hubLicenses()).toEqual(expect.arrayContaining(listed));
  });
  it('says what was measured on held-out networks: (4 + 2) / 2 points and (80 + 60) / 2 %', () => {
    const { body } = split(modelCard(manifest));
    expect(body).toContain('differs from its target by 3.0 points');
    expect(body).toContain('for 70.0 % of the images');
    expect(body).toContain('# Digits: "two" # lines of title\n');
    expect(body).not.toMatch(/^---$/m);
  });
  it('takes a text in place of its own', () => {
    expect(split(modelCard(manifest, { body: '# Mine\n' })).body).toBe('# Mine\n');
  });
});
