import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readMeasures } from './measures.js';

describe('readMeasures', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netspace-measures-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (...lines: readonly string[]) => {
    const path = join(folder, 'measures.jsonl');
    await writeFile(path, lines.join('\n'));
    return readMeasures(path);
  };

  it('takes numbers as metrics, and passes over words, lists and objects', async () => {
    const line = { name: 'a', epochs: 3, seed: '7', accuracy: 0.5, config: { toString: null }, shape: [1, 2], optimizer: 'adam' };
    expect((await read(JSON.stringify(line))).of(['a'])).toEqual({ epochs: 3, seed: 7, metrics: { accuracy: 0.5 } });
  });

  it.each(['[3]', 'true', '{"toString":null}', '"three"', '-1'])('refuses epochs of %s', async (epochs) => {
    await expect(read(`{"name":"a","epochs":${epochs}}`)).rejects.toThrow(
      /expected a number from 0 as epochs of a in .*measures.jsonl, got/,
    );
  });
});
