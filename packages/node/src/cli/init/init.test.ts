import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readConfigFile } from '../../config/read-config-file.js';
import { directoryFiles } from '../../files/directory-files.js';
import { anyRecipe } from '../../jobs/zoo-source.js';
import { nextStep } from '../next-steps.js';
import { runCli } from '../run-cli.js';
import { SHORTEST } from '../training/shortest-config.js';
import { trainConfigOptions } from '../training/train-config.js';

let folder: string;
const at = (name: string) => join(folder, name);

async function run(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli(args, { writeOut: (text) => void (stdout += text), writeErr: (text) => void (stderr += text) });
  return { code, stdout, stderr };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-init-'));
  await tf.setBackend('cpu');
  const store = openInstanceStore(directoryFiles(at('zoo')));
  const architecture = architectureByName('lenet-like-1x28x28-10-w0.1');
  for (const seed of [0, 1, 2]) {
    const instance = { architecture, parameters: initialize(architecture.parameters, { seed }) };
    await store.add({ name: `net-${seed}`, instance, epochs: 1, seed, metrics: { testAccuracy: 0.3 + seed / 10 } });
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('netspace init', () => {
  it('zoo and shapes write recipes that zoo build takes, with comments, and say what to do next', async () => {
    for (const kind of ['zoo', 'shapes'] as const) {
      const out = at(`${kind}.jsonc`);
      const { code, stdout, stderr } = await run('init', kind, '--out', out);
      expect([code, stdout, stderr]).toEqual([
        0,
        `wrote ${out}\n`,
        expect.stringMatching(`^next: netspace zoo build .*${kind}.jsonc --out (shapes-)?zoo {3}# .+\n$`),
      ]);
      expect(await readFile(out, 'utf8')).toMatch(/^\/\/ .*netspace zoo build[^]*"\$schema": ".*schema\.json"/);
      await expect(readConfigFile(out, anyRecipe, { example: SHORTEST.zoo })).resolves.toBeDefined();
    }
  });
  it('shapes --seats writes a recipe of seats, with all else as for meshes; the file for meshes says how', async () => {
    expect(await run('init', 'shapes', '--seats', '7', '--out', at('seats.jsonc'))).toMatchObject({ code: 0 });
    expect(await run('init', 'shapes', '--meshes', 'folder', '--out', at('folder.jsonc'))).toMatchObject({ code: 0 });
    const read = async (name: string) => {
      const recipe = await readConfigFile(at(name), anyRecipe, { example: SHORTEST.seats });
      return 'kind' in recipe && recipe.kind === 'shapes' ? recipe : expect.fail('not of shapes');
    };
    const { seats, ...others } = await read('seats.jsonc');
    const { meshes, ...same } = await read('folder.jsonc');
    expect([seats, meshes, others]).toEqual([{ count: 7, seed: 0 }, relative(folder, 'folder'), same]);
    expect(await readFile(at('folder.jsonc'), 'utf8')).toMatch(/^ {2}\/\/ "seats": \{ "count": 100, "seed": 0 \},$/m);
    expect(await run('init', 'shapes', '--seats', '7', '--meshes', 'm', '--out', at('both.jsonc'))).toMatchObject({ code: 2 });
  });
  it('a build without its folder of meshes names seats as a way out, and leaves no folder', async () => {
    await run('init', 'shapes', '--meshes', at('no-meshes'), '--out', at('unmade.jsonc'));
    const { code, stderr } = await run('zoo', 'build', at('unmade.jsonc'), '--out', at('unmade'), '--runtime', 'cpu');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/NOT_FOUND: .*no-meshes.* or give the recipe seats.*"seats": \{/)]);
    expect(await readdir(folder)).not.toContain('unmade');
  });
  it('space names a folder for the run that is free', async () => {
    const before = process.cwd();
    process.chdir(await mkdtemp(join(folder, 'runs-')));
    try {
      const next = () => nextStep('init space', { args: [], options: { out: 'of-seats.jsonc' } });
      expect(await next()).toMatch(/netspace train of-seats\.jsonc --out space /);
      await mkdir('space');
      await writeFile(join('space', 'run.json'), '{}');
      expect(await next()).toMatch(/netspace train of-seats\.jsonc --out of-seats /);
    } finally {
      process.chdir(before);
    }
  });
  it('space writes a config that fits the zoo, with reasons', async () => {
    const out = at('space.jsonc');
    const { code, stderr } = await run('init', 'space', '--zoo', at('zoo'), '--steps', '100', '--out', out);
    expect([code, stderr]).toEqual([0, expect.stringContaining('next: netspace train ')]);
    expect(await readFile(out, 'utf8')).toMatch(/\/\/ The preset|\/\/ The largest network has/);
    const config = await readConfigFile(out, trainConfigOptions, { example: SHORTEST.space });
    expect(config).toMatchObject({ steps: 100, holdOut: { seeds: [1] }, space: { start: 'instances', units: 'zoo-permuted' } });
  });
  it('space warns of a zoo of networks at chance', async () => {
    const [architecture, store] = [architectureByName('lenet-like-1x28x28-10-w0.1'), openInstanceStore(directoryFiles(at('poor')))];
    const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 7 }) };
    await store.add({ name: 'poor', instance, epochs: 1, seed: 7, metrics: { testAccuracy: 0.12 } });
    const { code, stderr } = await run('init', 'space', '--zoo', at('poor'), '--out', at('poor.jsonc'));
    expect([code, stderr]).toEqual([0, expect.stringMatching(/All networks of lenet-like-1x28x28-10-w0\.1 are near chance/)]);
  });
  it('never overwrites a file, and with --json says nothing else', async () => {
    const once = await run('--json', 'init', 'zoo', '--out', at('once.json'));
    expect([once.code, once.stderr, JSON.parse(once.stdout)]).toEqual([0, '', expect.objectContaining({ file: at('once.json') })]);
    const before = await readFile(at('once.json'), 'utf8');
    const again = await run('init', 'zoo', '--out', at('once.json'));
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('which is there; name another file') as string });
    expect(await readFile(at('once.json'), 'utf8')).toBe(before);
  });
});
