import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { jobFolder } from './job-folder.js';
import { jobResultBytes, readJobResult } from './job-result.js';
import { tinyRecipe } from '../testing/zoo-files.js';

let zoo: string;
beforeAll(async () => {
  zoo = await mkdtemp(join(tmpdir(), 'netspace-job-folder-'));
  await mkdir(join(zoo, '.jobs', 'set-aside'), { recursive: true });
});
afterAll(() => rm(zoo, { recursive: true }));

const plan = { source: { recipe: tinyRecipe, trainImages: 9 }, origin: { netspace: '1' }, total: 9, present: 0, begun: 5, queueId: 'abc' };
const put = (name: string, content: unknown) => writeFile(join(zoo, '.jobs', name), JSON.stringify(content));

describe('jobFolder', () => {
  it('reads the plan that it wrote', async () => {
    await put('plan.json', plan);
    const { source, ...rest } = (await jobFolder(zoo).readPlan())!;
    expect(rest).toEqual({ origin: { netspace: '1' }, total: 9, present: 0, begun: 5, queueId: 'abc' });
    expect(source).toMatchObject({ trainImages: 9, recipe: { groups: [{}, {}, {}] } });
  });

  it.each([
    ['nothing', null],
    ['no recipe', { ...plan, source: {} }],
    ['a total in words', { ...plan, total: 'many' }],
    ['an origin of numbers', { ...plan, origin: { netspace: 1 } }],
  ])('refuses a plan of %s, naming the file', async (_, content) => {
    await put('plan.json', content);
    await expect(jobFolder(zoo).readPlan()).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('plan.json') as unknown,
    });
  });

  it('refuses a job set aside without its error', async () => {
    await put('set-aside/a.json', { key: 'a', title: 'b', names: [], tries: 1 });
    await expect(jobFolder(zoo).listSetAside()).rejects.toMatchObject({ message: expect.stringMatching(/a\.json: .*error/) as unknown });
  });

  it('tells that a result cannot be written, which is no fault of its job', async () => {
    const place = await mkdtemp(join(tmpdir(), 'netspace-loop-'));
    await symlink('loop', join(place, 'loop'));
    const refused = jobFolder(join(place, 'loop')).writeResult('k', { drafts: [] });
    await expect(refused).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/results.k, got ELOOP/) as unknown });
    await rm(place, { recursive: true });
  });
});

describe('readJobResult', () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const record = { name: 'a', architecture: 'b', parameterCount: 3, epochs: 1, seed: 0, metrics: { testAccuracy: 0.5 }, sha256 };
  const written = (head: object) => new Uint8Array(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes]));

  it('reads the result that it wrote', () => {
    const result = { drafts: [{ record, bytes }], failure: { code: 'DIVERGED', message: 'infinite' } };
    expect(readJobResult('k', jobResultBytes('k', result))).toEqual(result);
    expect(readJobResult('other', jobResultBytes('k', result))).toBeUndefined();
  });

  it.each([
    ['no records', { records: undefined }],
    ['more records than sizes', { sizes: [] }],
    ['a size that is none', { sizes: ['3'] }],
    ['a name that leads out of the zoo', { records: [{ ...record, name: '../a' }] }],
    ['a place of its own', { records: [{ ...record, file: 'shards/000000.bin' }] }],
    ['an accuracy in words', { records: [{ ...record, metrics: { testAccuracy: 'good' } }] }],
    ['other weights', { records: [{ ...record, sha256: '0'.repeat(64) }] }],
    ['a failure without words', { failure: {} }],
  ])('takes a file with %s for none', (_, wrong) => {
    expect(readJobResult('k', written({ key: 'k', records: [record], sizes: [3] }))).toMatchObject({ drafts: [{ record }] });
    expect(readJobResult('k', written({ key: 'k', records: [record], sizes: [3], ...wrong }))).toBeUndefined();
  });
});
