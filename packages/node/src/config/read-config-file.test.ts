import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { count, objectOf, optional } from '@netspace/prep/internal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readConfigFile } from './read-config-file.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-config-'))));
afterAll(() => rm(folder, { recursive: true }));

const schema = objectOf({ steps: count, nets: optional(count) });
const example = { config: '{ "steps": 1 }', command: 'netspace init space' };
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
  it('says of other mistakes no more than what is wrong', async () => {
    await expect(read('{ "steps": 0 }')).rejects.toThrow(/to be a positive integer, got 0$/);
    await expect(read('{ "steps": 3 "nets": 1 }')).rejects.toThrow(/expected JSON in .*config\.json, got: .*position 13/);
    await expect(read('[]')).rejects.toThrow(/expected options to be an object, got \[\]/);
  });
});
