import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { rawToFloat32 } from '@netspace/formats';
import { describeOnRuntimes } from '@netspace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { GROUP_NAMES } from './groups/index.js';
import { runGolden, type GoldenResult } from './run-golden.js';
import { f32, readFolder, writeFolder } from './testing/golden-folder.js';
import { otherFolder } from './testing/other-folder.js';

const DATA = fileURLToPath(new URL('../data', import.meta.url));
const MINUTES = 60_000;

let directory = '';
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'netspace-golden-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const missed = (result: GoldenResult): string[] => result.misses.map(({ name, got }) => `${name}: ${got}`);

describeOnRuntimes('golden/data', (runtime) => {
  // What takes minutes on cpu is left to wasm: the whole chain's gradients, ResNets on large images, most PRep sizes.
  const maxSize = runtime === 'cpu' ? 4e7 : Infinity;
  it.each(GROUP_NAMES.filter((name) => runtime === 'wasm' || name !== 'grads'))(
    '%s',
    async (name) => {
      const result = await runGolden(DATA, { groups: [name], maxSize });
      expect(missed(result)).toEqual([]);
      expect(result.passed).toBeGreaterThan(0);
      if (runtime === 'wasm') expect(result.leftOut).toBe(0);
    },
    4 * MINUTES,
  );
});

describeOnRuntimes(
  'the runner',
  () => {
    it('passes a folder of other networks, sizes, seeds and names', { timeout: 2 * MINUTES }, async () => {
      writeFolder(directory, otherFolder(readFolder(DATA)));
      const result = await runGolden(directory);
      expect(missed(result)).toEqual([]);
      expect(result.groups.every(({ passed }) => passed > 0)).toBe(true);
    });

    it('misses a value that is off by more than the tolerance, and says by how much', async () => {
      const folder = readFolder(DATA);
      const loss = rawToFloat32(folder.files['losses']!.get('single/loss')!)[0]!;
      const losses = new Map(folder.files['losses']).set('single/loss', f32([], [loss * 1.001]));
      writeFolder(directory, { ...folder, files: { ...folder.files, losses } });
      const { misses, passed, failed } = await runGolden(directory, { groups: ['losses'] });
      expect(misses).toEqual([expect.objectContaining({ name: 'losses/single/loss', expected: String(Math.fround(loss * 1.001)) })]);
      expect(Math.abs(Number(misses[0]!.got) - loss)).toBeLessThan(1e-4 * loss);
      expect(failed).toBe(1);
      expect(passed).toBeGreaterThan(20);
    });

    it('misses one wrong bit in a copy', async () => {
      const folder = readFolder(DATA);
      const values = rawToFloat32(folder.files['prep']!.get('mlp-32x1/stored/8x160')!).slice();
      values[7]! *= 1 + 2 ** -23;
      const prep = new Map(folder.files['prep']).set('mlp-32x1/stored/8x160', f32([1, 8, 160], values));
      writeFolder(directory, { ...folder, files: { ...folder.files, prep } });
      expect(missed(await runGolden(directory, { groups: ['prep'] }))).toEqual([expect.stringContaining('mlp-32x1/stored/8x160[7]')]);
    });

    it('counts a tensor that no check asks for as a failure', async () => {
      const folder = readFolder(DATA);
      const optim = new Map(folder.files['optim']).set('rmsprop', f32([1], [0]));
      writeFolder(directory, { ...folder, files: { ...folder.files, optim } });
      expect(missed(await runGolden(directory, { groups: ['optim'] }))).toEqual(['optim/rmsprop: no check that asks for it']);
    });
  },
  { runtimes: ['wasm'] },
);

describe('the runner on a folder that is not whole', () => {
  const copy = () => cpSync(DATA, directory, { recursive: true });
  const runOptim = () => runGolden(directory, { groups: ['optim'] });

  it('fails on an empty folder', async () => {
    const result = await runGolden(directory);
    expect(result).toMatchObject({ passed: 0, failed: 1 });
  });
  it('fails on a missing file', async () => {
    copy();
    rmSync(join(directory, 'interp.safetensors'));
    expect(missed(await runOptim())).toEqual([expect.stringMatching(/^interp\.safetensors: ENOENT/)]);
  });
  it('fails on a group that the manifest lacks too', async () => {
    const folder = readFolder(DATA);
    const files = Object.entries(folder.files).filter(([name]) => name !== 'optim');
    writeFolder(directory, { ...folder, files: Object.fromEntries(files) });
    expect(missed(await runOptim())).toEqual(['optim.safetensors: not in the manifest']);
  });
  it('fails on a truncated file', async () => {
    copy();
    truncateSync(join(directory, 'siren.safetensors'), 1000);
    expect(missed(await runOptim())).toEqual(['siren.safetensors: 1000 bytes instead of 26560']);
  });
  it('fails on a file that is not the one the manifest lists', async () => {
    copy();
    const bytes = readFileSync(join(directory, 'optim.safetensors'));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(join(directory, 'optim.safetensors'), bytes);
    expect(missed(await runOptim())).toEqual([expect.stringMatching(/^optim\.safetensors: SHA-256/)]);
  });
  it('fails on a file that no check reads', async () => {
    const folder = readFolder(DATA);
    writeFolder(directory, { ...folder, files: { ...folder.files, extra: new Map([['x', f32([1], [1])]]) } });
    expect(missed(await runOptim())).toEqual(['extra.safetensors: a file']);
  });
  it('fails on a manifest that lacks a field', async () => {
    copy();
    const manifest = JSON.parse(readFileSync(join(DATA, 'manifest.json'), 'utf8'));
    delete manifest.nets['mlp-32x1'].numParams;
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
    expect(missed(await runOptim())).toEqual([expect.stringContaining('nets.mlp-32x1.numParams')]);
  });
});
