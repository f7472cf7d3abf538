import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { unresolvedArchitecture } from '@netspace/prep';
import { openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { nextStep } from './next-steps.js';
import { runCli } from './run-cli.js';

// A zoo that a version before shards wrote.
const shipped = fileURLToPath(new URL('../../../../pretrained/digits/zoo-heldout', import.meta.url));
let folder = '';
const at = (name: string) => join(folder, name);

async function cli(...command: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli([...command, '--runtime', 'cpu', '--json'], {
    writeOut: (text) => void (stdout += text),
    writeErr: (text) => void (stderr += text),
  });
  return { code, stderr, result: (stdout === '' ? {} : JSON.parse(stdout)) as Readonly<Record<string, unknown>> };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-manage-'));
  await cp(shipped, at('zoo'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

describe('netspace zoo upgrade, stats, filter', () => {
  it('moves a zoo of an earlier version, once, and all is what it was', async () => {
    const facts = async () =>
      ((await cli('zoo', 'list', at('zoo'))).result['instances'] as Record<string, unknown>[]).map(
        ({ file: _, offset: __, ...rest }) => rest,
      );
    const before = await facts();
    expect(before.length).toBeGreaterThan(3);
    expect((await cli('zoo', 'upgrade', at('zoo'))).result).toMatchObject({ moved: before.length });
    expect(await facts()).toEqual(before);
    expect((await cli('zoo', 'verify', at('zoo'))).result).toMatchObject({ checked: before.length, problems: [], stray: [] });
    expect(await readdir(at('zoo/instances'))).toEqual([]);
    expect((await cli('zoo', 'upgrade', at('zoo'))).result).toMatchObject({ moved: 0 });
    expect((await cli('zoo', 'upgrade', at('none'))).stderr).toMatch(/NOT_FOUND/);
  });
  it('verify tells of files that belong to nothing', async () => {
    await writeFile(at('zoo/shards/000007.bin'), 'left');
    expect((await cli('zoo', 'verify', at('zoo'))).result).toMatchObject({ stray: ['shards/000007.bin'] });
    await rm(at('zoo/shards/000007.bin'));
  });
  it('recover takes what is whole of half a copy, and every other command says so', async () => {
    await cp(at('zoo'), at('half'), { recursive: true });
    await rm(at('half/manifest.json'));
    const { result: whole } = await cli('zoo', 'list', at('zoo'));
    for (const command of [['list'], ['verify'], ['stats'], ['filter'], ['upgrade']])
      expect((await cli('zoo', ...command, at('half'))).stderr).toMatch(/CORRUPT_FILE: .*half a copy; .*netspace zoo recover/);
    const { code, result } = await cli('zoo', 'recover', at('half'), '--out', at('recovered'));
    const instances = whole['instances'] as readonly object[];
    expect({ code, result }).toMatchObject({
      code: 0,
      result: { recovered: instances.length, lost: [], unchecked: ['index/000000.jsonl'] },
    });
    expect((await cli('zoo', 'list', at('recovered'))).result['instances']).toEqual(instances);
    await rm(at('half/shards'), { recursive: true });
    const nothing = await cli('zoo', 'recover', at('half'), '--out', at('nothing'));
    expect(nothing.code).toBe(1);
    expect(nothing.result).toMatchObject({ recovered: 0 });
    expect(nothing.result['lost']).toHaveLength(instances.length);
    expect((await cli('zoo', 'recover', at('none'), '--out', at('nothing'))).stderr).toMatch(/NOT_FOUND: .*manifest\.json or index/);
    expect((await cli('zoo', 'recover', at('half'), '--out', at('recovered'))).stderr).toMatch(/new or an empty folder/);
  });
  it('filters by measures and names, and copies what is left', async () => {
    const { result: all } = await cli('zoo', 'filter', at('zoo'));
    const { result: some } = await cli('zoo', 'filter', at('zoo'), '--where', 'testAccuracy>=0.5', '--where', 'testAccuracy<0.9', '--first', '2', '--out', at('some')); // prettier-ignore
    expect(some['names']).toHaveLength(2);
    expect(all['names']).toEqual(expect.arrayContaining(some['names'] as string[]));
    const list = async (zoo: string) =>
      (await cli('zoo', 'list', zoo)).result['instances'] as { name: string; sha256: string; metrics: { testAccuracy: number } }[];
    const copied = await list(at('some'));
    const originals = (await list(at('zoo')))
      .filter(({ metrics }) => metrics.testAccuracy >= 0.5 && metrics.testAccuracy < 0.9)
      .slice(0, 2);
    expect(copied.map(({ name, sha256, metrics }) => [name, sha256, metrics])).toEqual(originals.map(({ name, sha256, metrics }) => [name, sha256, metrics])); // prettier-ignore
    expect((await cli('zoo', 'verify', at('some'))).result).toMatchObject({ checked: 2, problems: [] });
    expect((await cli('zoo', 'filter', at('zoo'), '--instance', copied[0]!.name)).result['names']).toEqual([copied[0]!.name]);
    expect((await cli('zoo', 'filter', at('zoo'), '--architecture', '*', '--first', '1')).result['names']).toHaveLength(1);
    expect((await cli('zoo', 'filter', at('zoo'), '--out', at('some'))).stderr).toMatch(/new or an empty folder/);
    expect((await cli('zoo', 'filter', at('zoo'), '--where', 'nothing>1')).stderr).toMatch(
      /NOT_FOUND: zoo filter: .*nothing>1.*there are epochs, .*testAccuracy/,
    );
    expect((await cli('zoo', 'filter', at('zoo'), '--where', 'nothing')).stderr).toMatch(/expected a number's name/);
  });
  it('copies to one file a network, for other programs', async () => {
    await cli('zoo', 'filter', at('zoo'), '--first', '3', '--out', at('files'), '--layout', 'files');
    expect(await readdir(at('files/instances'))).toHaveLength(3);
    expect((await cli('zoo', 'verify', at('files'))).result).toMatchObject({ checked: 3, problems: [] });
  });
  it('knows what can be done with networks whose architecture only a program knows', async () => {
    const store = openInstanceStore(directoryFiles(at('own')));
    const architecture = unresolvedArchitecture('my-net', [{ name: 'fc.weight', shape: [1, 2] }]);
    const own = { architecture, parameters: [tf.tensor2d([[1, 2]])] };
    await store.addAll([0, 1].map((seed) => ({ name: `net-${seed}`, instance: own, epochs: 1, seed, metrics: { testAccuracy: 0.5 } })));
    expect(await cli('zoo', 'verify', at('own'))).toMatchObject({ code: 0, result: { checked: 2, problems: [], unknown: 2 } });
    expect((await cli('zoo', 'list', at('own'))).result['instances']).toHaveLength(2);
    expect((await cli('zoo', 'stats', at('own'))).result).toMatchObject({ networks: 2 });
    expect((await cli('zoo', 'filter', at('own'), '--first', '1', '--out', at('own-some'))).code).toBe(0);
    expect((await cli('report', at('own'), '--out', at('own.html'))).code).toBe(0);
    expect(await nextStep('zoo list', { args: [at('own')], options: {} })).toMatch(
      /^next: netspace zoo import .* --architecture NET.onnx /,
    );
    expect(await nextStep('zoo stats', { args: [at('zoo')], options: {} })).toMatch(
      /^next: netspace zoo filter .* --where 'testAccuracy>=0\.\d+' /,
    );
    expect(await nextStep('zoo list', { args: [at('zoo')], options: {} })).toMatch(/^next: netspace init space /);
    const space = ['--space', fileURLToPath(new URL('../../../../pretrained/digits/space', import.meta.url)), '--zoo', at('own')];
    for (const command of [
      ['init', 'space', '--zoo', at('own'), '--out', at('own.jsonc')],
      ['encode', ...space, '--out', at('own.safetensors')],
      ['evaluate', ...space, '--data', 'mnist'],
      ['report', ...space, '--data', 'mnist', '--out', at('own.html')],
      ['export', space[1]!, '--zoo', at('own'), '--out', at('own-page')],
    ]) {
      const { code, stderr } = await cli(...command);
      expect({ command, code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /NOT_FOUND.* got my-net \(net-0 and 1 more network\); .*zoo import --architecture FILE.*program/,
        ) as string,
      });
    }
    // Beside networks that it knows, those are left out that nobody asks for.
    await cp(at('some'), at('mixed'), { recursive: true });
    await openInstanceStore(directoryFiles(at('mixed'))).add({ name: 'own', instance: own, epochs: 1, seed: 0, metrics: {} });
    const mixed = ['encode', space[0]!, space[1]!, '--zoo', at('mixed'), '--out', at('mixed.safetensors')];
    const known = ((await cli('zoo', 'list', at('mixed'))).result['instances'] as readonly { name: string }[])[0]!.name;
    expect((await cli(...mixed)).stderr).toMatch(/got my-net \(own\); /);
    expect(await cli(...mixed, '--instance', known)).toMatchObject({ code: 0 });
    const shard = (await readdir(at('own/shards')))[0]!;
    const bytes = await readFile(at(`own/shards/${shard}`));
    await writeFile(at(`own/shards/${shard}`), bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1));
    const damaged = await cli('zoo', 'verify', at('own'));
    expect(damaged).toMatchObject({ code: 1, result: { problems: [{ name: 'net-1' }] } });
  });
  it('counts', async () => {
    const { result } = await cli('zoo', 'stats', at('some'));
    expect(result).toMatchObject({ networks: 2, files: 1 });
    expect((result['metrics'] as { name: string; networks: number }[]).find(({ name }) => name === 'testAccuracy')).toMatchObject({
      networks: 2,
    });
  });
});
