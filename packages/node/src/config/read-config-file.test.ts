import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { count, objectOf, optional, parseOptions } from '@netspace/prep/internal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SHORTEST, shortestRecipe, shortestSpace } from '../cli/training/shortest-config.js';
import { trainConfigOptions } from '../cli/training/train-config.js';
import { anyRecipe } from '../jobs/zoo-source.js';
import { type ReadConfigOptions, readConfigFile } from './read-config-file.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-config-'))));
afterAll(() => rm(folder, { recursive: true }));

const schema = objectOf({ steps: count, nets: optional(count) });
const example = { config: '{ "steps": 1 }', command: 'init space' };
const read = async (text: string, changes = {}) => {
  const path = join(folder, 'config.json');
  await writeFile(path, text);
  return readConfigFile(path, schema, { changes, example });
};

describe('readConfigFile', () => {
  it('takes comments, a last comma and a $schema', async () => {
    const text = '// a config\n{ "$schema": "https://example.org/x.json", /* of all */ "steps": 3, // "nets": 2\n}';
    expect(await read(text)).toEqual({ steps: 3 });
    expect(await read('{ "steps": 3 }', { steps: 4 })).toEqual({ steps: 4 });
  });
  it('says what is missing, with an example and the command that writes one', async () => {
    await expect(read('{}')).rejects.toThrow(
      /expected steps to be a positive integer, got nothing; for example: \{ "steps": 1 \}; netspace init space writes one with comments/,
    );
  });
  it('shows a recipe of seats to who writes one, and a space of shapes to who wants one', async () => {
    const said = async (example: ReadConfigOptions['example'], keys: object): Promise<unknown> => {
      const path = join(folder, 'kinds.json');
      await writeFile(path, JSON.stringify(keys));
      return readConfigFile(path, schema, { example }).catch((error: unknown) => String(error));
    };
    expect(await said(shortestRecipe, { seats: {} })).toMatch(
      /for example: \{ "kind": "shapes", "seats": .*netspace init shapes --seats 20 writes/,
    );
    expect(await said(shortestRecipe, { kind: 'shapes' })).toMatch(/for example: \{ "kind": "shapes", "meshes"/);
    expect(await said(shortestRecipe, {})).toMatch(/for example: \{ "data": "mnist", "groups".*netspace init zoo writes/);
    expect(await said(shortestSpace, { task: { kind: 'sdf' } })).toMatch(
      /for example: \{ "zoo": "shapes-zoo", "task": \{ "kind": "sdf" \}/,
    );
    expect(await said(shortestSpace, {})).toMatch(/for example: \{ "zoo": "zoo", "data": "mnist"/);
    for (const { config } of [SHORTEST.zoo, SHORTEST.shapes, SHORTEST.seats, SHORTEST.fields])
      parseOptions('recipe', anyRecipe, JSON.parse(config));
    for (const { config } of [SHORTEST.space, SHORTEST.spaceOfShapes]) parseOptions('config', trainConfigOptions, JSON.parse(config));
    expect(() => parseOptions('recipe', anyRecipe, { meshes: 'm' })).toThrow(/expected kind to be 'shapes', got nothing/);
  });
  it('says of other mistakes no more than what is wrong', async () => {
    await expect(read('{ "steps": 0 }')).rejects.toThrow(/to be a positive integer, got 0$/);
    await expect(read('{ "steps": 3 "nets": 1 }')).rejects.toThrow(/expected JSON in .*config\.json, got: .*position 13/);
    await expect(read('[]')).rejects.toThrow(/expected options to be an object, got \[\]/);
  });
});
