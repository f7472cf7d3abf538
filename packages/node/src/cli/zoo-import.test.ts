import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type RawTensor, readPyTorchCheckpoint, rawToFloat32, writePyTorchCheckpoint, writeSafetensors } from '@netspace/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runCli } from './run-cli.js';

const architecture = 'lenet-like-1x13x13-3-w0.2';
// A network with input and output of PyTorch, by packages/zoo/fixtures/make-networks.py.
const file = fileURLToPath(new URL(`../../../zoo/fixtures/pytorch/${architecture}.pt`, import.meta.url));
let folder = '';
const at = (name: string) => join(folder, name);

/** Runs `netspace zoo import` in this process. */
async function zooImport(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const command = ['zoo', 'import', ...args, '--architecture', architecture, '--out', at('zoo'), '--runtime', 'cpu', '--json', '--quiet'];
  const code = await runCli(command, { writeOut: (text) => void (stdout += text), writeErr: (text) => void (stderr += text) });
  return { code, stderr, result: JSON.parse(stdout) as { added: { name: string; difference?: number }[] } };
}

async function cli(...command: readonly string[]): Promise<unknown> {
  let stdout = '';
  await runCli([...command, '--json', '--quiet'], { writeOut: (text) => void (stdout += text), writeErr: () => undefined });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-import-'));
  const tensors = [...readPyTorchCheckpoint(await readFile(file))];
  const renamed = tensors
    .filter(([name]) => name.startsWith('state_dict.'))
    .map(([name, raw]): [string, RawTensor] => [name.replace('state_dict.fc', 'classifier.'), raw]);
  await writeFile(at('renamed.safetensors'), writeSafetensors(new Map(renamed)));
  const all = new Map(tensors);
  const output = rawToFloat32(all.get('output')!).map((value) => Math.abs(value) + 0.1);
  const probe = new Map<string, RawTensor>([
    ['input', all.get('input')!],
    ['output', { dtype: 'F32', shape: all.get('output')!.shape, data: output }],
  ]);
  await writeFile(at('other.safetensors'), writeSafetensors(probe));
  await writeFile(at('page.pt'), '<!doctype html><title>404</title>');
});
afterAll(() => rm(folder, { recursive: true }));

describe('netspace zoo import', () => {
  it('adds a network that computes what PyTorch saved', async () => {
    const { code, result } = await zooImport(file, '--probe', file, '--name', 'first');
    expect(code).toBe(0);
    expect(result.added).toMatchObject([{ name: 'first' }]);
    expect(result.added[0]!.difference).toBeLessThan(1e-5);
  });
  it('adds nothing if a name is taken, and says what went in before a file that is none', async () => {
    const taken = await zooImport(file, file);
    expect(taken.stderr).toMatch(/INVALID_OPTION: zoo import: expected new names, got lenet.* nothing was added: .* --name/);
    const half = await zooImport(file, at('page.pt'));
    expect(half.code).toBe(1);
    expect(half.stderr).toMatch(/page\.pt.*; lenet-like-1x13x13-3-w0\.2 is in .*zoo already; leave out what is there/);
    expect((await zooImport(file)).stderr).toMatch(/which is in .*zoo; nothing was added/);
  });
  it('refuses a network that fits but computes something else', async () => {
    const { code, stderr } = await zooImport(file, '--probe', at('other.safetensors'), '--name', 'second');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /UNSUPPORTED: .*other\.safetensors: expected the outputs that PyTorch saved, got a difference of .* it is another network/,
    );
  });
  it('reads other names with --rename, and says that there is one', async () => {
    expect((await zooImport(at('renamed.safetensors'))).stderr).toMatch(/NOT_FOUND: .*renamed\.safetensors: .*fc1\.weight.*rename/);
    const { code, result } = await zooImport(at('renamed.safetensors'), '--rename', 'state_dict.*=*', 'classifier.*=fc*');
    expect(code).toBe(0);
    expect(result.added).toEqual([{ name: 'renamed', file: at('renamed.safetensors') }]);
  });
  it('takes measures of files from a table', async () => {
    const two = at('two.pt');
    await writeFile(two, await readFile(file));
    await writeFile(at('metrics.csv'), 'name,testAccuracy,seed,epochs\ntwo,0.5,7,3\nother,0.6,1,1\n');
    const { code, stderr } = await zooImport(two, '--metrics', at('metrics.csv'));
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const { instances } = (await cli('zoo', 'list', at('zoo'))) as { instances: readonly { name: string }[] };
    expect(instances.find(({ name }) => name === 'two')).toMatchObject({ seed: 7, epochs: 3, metrics: { testAccuracy: 0.5 } });
    await writeFile(at('none.csv'), 'name,testAccuracy\nother,0.6\n');
    expect((await zooImport(two, '--name', 'three', '--metrics', at('none.csv'))).stderr).toMatch(
      /NOT_FOUND: .*none\.csv to name networks of the files, such as three or two\.pt, got none/,
    );
  });
  it('says that a probe is none of the networks', async () => {
    expect((await zooImport(at('other.safetensors'))).stderr).toMatch(
      /NOT_FOUND: .*got a probe: a file of input and output.*keep probes out of folders/,
    );
    await mkdir(at('checkpoints'));
    await copyFile(file, at('checkpoints/net.pt'));
    await copyFile(at('other.safetensors'), at('checkpoints/probe.safetensors'));
    const { code, result } = await zooImport(at('checkpoints'));
    expect({ code, result }).toMatchObject({
      code: 1,
      result: { added: 1, problems: [{ problem: expect.stringMatching(/got a probe/) as string }] },
    });
  });
  it('refuses what is no checkpoint by what it is, wrong rules and one probe for several files', async () => {
    expect((await zooImport(at('page.pt'))).stderr).toMatch(/UNSUPPORTED: .*page\.pt: .*got a web page: the download failed/);
    expect((await zooImport(file, at('page.pt'), '--probe', file)).stderr).toMatch(/one file with --name or --probe, got 2/);
    expect(
      (
        await zooImport(
          at('renamed.safetensors'),
          '--name',
          'probed',
          '--probe',
          at('renamed.safetensors'),
          '--rename',
          'state_dict.=',
          'classifier.*=fc*',
        )
      ).stderr,
    ).toMatch(/tensors named input and output, got/);
    expect((await zooImport(at('missing.pt'))).stderr).toMatch(/NOT_FOUND: expected a file at .*missing\.pt/);
  });
});

describe('a space of PyTorch', () => {
  const fixture = (name: string): string => fileURLToPath(new URL(`../../../model/fixtures/pytorch-space/${name}`, import.meta.url));
  const [encoder, decoder] = [fixture('encoder.pt'), fixture('decoder.pt')];
  async function netspace(...args: readonly string[]) {
    let [stdout, stderr] = ['', ''];
    const command = [...args, '--runtime', 'cpu', '--quiet', '--json'];
    const code = await runCli(command, { writeOut: (text) => void (stdout += text), writeErr: (text) => void (stderr += text) });
    return { code, stdout, stderr };
  }

  it('is imported, and exported with the same numbers', async () => {
    // The class head's order: the larger one first.
    const imported = await netspace(...['import-space', encoder, decoder, '--architecture', 'siren-3-8x1-1', 'siren-3-4x1-1', '--out', at('space')]); // prettier-ignore
    expect(JSON.parse(imported.stdout)).toEqual({
      ...{ space: at('space'), architectures: ['siren-3-4x1-1', 'siren-3-8x1-1'], prepShape: [4, 32], embeddingSize: 64 },
    });
    const exported = await netspace('export-space', at('space'), '--out', at('exported'));
    expect(exported.code, exported.stderr).toBe(0);
    expect((await readdir(at('exported'))).sort()).toEqual(['architectures.json', 'decoder.pt', 'encoder.pt', 'parts.json']);
    const back = ['import-space', join(at('exported'), 'encoder.pt'), join(at('exported'), 'decoder.pt'), '--out', at('back'), '--architecture']; // prettier-ignore
    const other = await netspace(...back, 'siren-3-8x1-1', 'siren-3-4x1-1');
    expect(other.stdout + other.stderr).toMatch(
      /INVALID_OPTION.*expected --architecture siren-3-4x1-1 siren-3-8x1-1, as .*architectures\.json/s,
    );
    expect((await netspace(...back, 'siren-3-4x1-1', 'siren-3-8x1-1')).code).toBe(0);
    // Parts of equal shapes that were not written together, whichever of the two says so.
    await mkdir(at('elsewhere'));
    await copyFile(join(at('exported'), 'decoder.pt'), join(at('elsewhere'), 'decoder.pt'));
    await copyFile(encoder, join(at('elsewhere'), 'encoder.pt'));
    await writeFile(join(at('elsewhere'), 'parts.json'), await readFile(join(at('exported'), 'parts.json')));
    const named = ['--out', at('mixed'), '--architecture', 'siren-3-4x1-1', 'siren-3-8x1-1'];
    for (const [one, two] of [[join(at('exported'), 'encoder.pt'), decoder], [fixture('encoder.pt'), join(at('elsewhere'), 'decoder.pt')]] as const) {
      const mixed = await netspace('import-space', one, two, ...named);
      expect(mixed.stdout + mixed.stderr).toMatch(/INVALID_OPTION.*expected the (de|en)coder that export-space wrote with .*coder\.pt, as .*parts\.json says, got .*coder\.pt; pass the files of one/s); // prettier-ignore
    } // prettier-ignore
    const tensors = async (path: string) => readPyTorchCheckpoint(await readFile(path));
    expect([...(await tensors(join(at('exported'), 'encoder.pt')))]).toEqual([...(await tensors(encoder))]);
    const [theirs, ours] = [await tensors(decoder), await tensors(join(at('exported'), 'decoder.pt'))];
    expect([...ours.keys()]).toEqual([...theirs.keys()]);
    for (const [name, { shape, data }] of theirs) {
      const rows = name.startsWith('arch_classifier') ? swapped(data as Float32Array) : data;
      expect({ shape: ours.get(name)!.shape, data: ours.get(name)!.data }, name).toEqual({ shape, data: rows });
    }
  });

  it('keeps its units, which are not forgotten', async () => {
    await mkdir(at('measured'));
    for (const part of ['encoder', 'decoder']) await copyFile(fixture(`${part}.pt`), join(at('measured'), `${part}.pt`));
    const filled = (value: number): RawTensor => ({ dtype: 'F32', shape: [2, 4, 32], data: new Float32Array(256).fill(value) });
    const units = join(at('measured'), 'units.pt');
    await writeFile(units, writePyTorchCheckpoint(new Map([['mean', filled(0.5)], ['deviation', filled(2)]]))); // prettier-ignore
    const call = ['import-space', join(at('measured'), 'encoder.pt'), join(at('measured'), 'decoder.pt'), '--architecture', 'siren-3-8x1-1', 'siren-3-4x1-1', '--out', at('with-units')]; // prettier-ignore
    const forgotten = await netspace(...call);
    expect(forgotten.stdout + forgotten.stderr).toMatch(/INVALID_OPTION.*expected --units, because .*units\.pt lies beside/s);
    expect((await netspace(...call, '--units', units)).code).toBe(0);
    expect((await netspace('export-space', at('with-units'), '--out', at('units-again'))).code).toBe(0);
    const again = readPyTorchCheckpoint(await readFile(join(at('units-again'), 'units.pt')));
    expect([...again]).toEqual([...readPyTorchCheckpoint(await readFile(units))]);
  });

  it('is refused by name if something is missing, and nothing is left', async () => {
    const all = ['--architecture', 'siren-3-8x1-1', 'siren-3-4x1-1', '--out', at('refused')];
    const errorOf = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await netspace('import-space', ...args);
      expect(code).not.toBe(0);
      return stdout + stderr;
    };
    expect(await errorOf(decoder, encoder, ...all)).toMatch(/SHAPE_MISMATCH.*in the order encoder, decoder/s);
    expect(await errorOf(encoder, at('no.pt'), ...all)).toMatch(/NOT_FOUND.*no\.pt/s);
    expect(await errorOf(encoder, decoder, '--architecture', 'siren-3-8x1-1', '--out', at('refused'))).toMatch(/INVALID_OPTION.*expected 2 architectures/s); // prettier-ignore
    expect(await errorOf(encoder, decoder, '--architecture', 'siren-3-8x1-1', 'siren-3-4x1-1', '--out', folder)).toMatch(/INVALID_OPTION.*a new or an empty folder/s); // prettier-ignore
    expect(await readdir(folder)).not.toContain('refused');
  });
});

/** Two rows in the other order. */
const swapped = (rows: Float32Array): Float32Array =>
  Float32Array.from([...rows.subarray(rows.length / 2), ...rows.subarray(0, rows.length / 2)]);
