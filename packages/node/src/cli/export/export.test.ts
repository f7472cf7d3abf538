import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSafetensors } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import type { Architecture } from '@netspace/prep';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadMnist } from '../../datasets/load-mnist.js';
import { directoryFiles } from '../../files/directory-files.js';
import { fileHandler } from '../../files/file-handler.js';
import { selectRuntime } from '../../runtime/select-runtime.js';
import { exportedRecord } from '../files/exported-record.js';
import { openSpace } from '../files/open-space.js';
import { runCli } from '../run-cli.js';
import type { ExplorerManifest } from '@netspace/explorer';

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);

async function exported(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli(['export', ...args, '--runtime', 'wasm', '--json'], {
    writeOut: (text) => void (stdout += text),
    writeErr: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}

const manifestIn = async (name: string) => JSON.parse(await readFile(at(name, 'explorer.json'), 'utf8')) as ExplorerManifest;

/** Untrained networks, named after their seeds, and a space of their architectures, which is as untrained. */
async function make(space: string, zoos: Readonly<Record<string, readonly [Architecture, readonly number[]]>>): Promise<void> {
  const architectures = [...new Set(Object.values(zoos).map(([architecture]) => architecture))];
  const made = new NetSpace({ architectures, prepShape: [8, 200], preset: 'tiny' });
  await made.save(fileHandler(at(space)));
  made.dispose();
  for (const [zoo, [architecture, seeds]] of Object.entries(zoos)) {
    const store = openInstanceStore(directoryFiles(at(zoo)));
    for (const seed of seeds) {
      const instance = { architecture, parameters: initialize(architecture.parameters, { seed }) };
      await store.add({ name: `${zoo}-s${seed}`, instance, epochs: seed / 3, seed, metrics: { trainLoss: 2 } });
    }
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-export-'));
  await selectRuntime({ prefer: 'wasm' });
  const [lenet, siren] = ['lenet-like-1x28x28-10-w0.1', 'siren-3-8x1-1'].map(architectureByName) as [Architecture, Architecture];
  await make('space', { a: [lenet, [0, 1, 2]], b: [lenet, [3]] });
  await make('chairs', { c: [siren, [0, 1]] });
});
afterAll(async () => {
  tf.disposeVariables();
  await rm(folder, { recursive: true });
});

describe('netspace export', () => {
  it('writes a space, embeddings, weights of held-out networks, measures and a sample', async () => {
    await writeFile(at('about.md'), '# About\n');
    const words = ['--title', 'Digits', '--description', 'Untrained.', '--license', 'CC0-1.0', '--card', at('about.md')];
    const { code, stdout, stderr } = await exported(
      ...[at('space'), '--zoo', at('a'), at('b'), '--out', at('page'), '--held-out', '*-s1', 'b-*'],
      ...['--data', 'mnist', '--limit', '40', '--sample', '10', ...words],
    );
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('10 of 2000 images of mnist-test') as string });
    expect(JSON.parse(stdout)).toEqual({ folder: at('page'), networks: 4, heldOut: 2, manifest: 'explorer.json' });
    expect((await readdir(at('page'))).sort()).toEqual(
      ['README.md', 'card.md', 'embeddings.safetensors', 'explorer.json', 'netspace-files.json', 'sample.safetensors', 'space', 'zoo-heldout'], // prettier-ignore
    );

    expect(await readFile(at('page', 'README.md'), 'utf8')).toMatch(
      /^---\nlicense: cc0-1.0\n.*datasets:\n {2}- "ylecun\/mnist"\n.*---\n\n# About\n$/s,
    );

    const manifest = await manifestIn('page');
    expect(manifest).toMatchObject({
      ...{ schemaVersion: 1, title: 'Digits', description: 'Untrained.', kind: 'classifier', license: 'CC0-1.0' },
      ...{ space: 'space/space.json', embeddings: 'embeddings.safetensors', zoo: 'zoo-heldout/manifest.json' },
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      sample: { file: 'sample.safetensors', mean: [0.1307], std: [0.3081] },
      command: expect.stringMatching(/^netspace export .*--held-out '\*-s1' /) as string,
    });
    expect(manifest.networks.map(({ name, heldOut, length, seed }) => ({ name, heldOut, length, seed }))).toEqual([
      { name: 'a-s0', heldOut: false, length: 0, seed: 0 },
      { name: 'a-s1', heldOut: true, length: 0.333333, seed: 1 },
      { name: 'a-s2', heldOut: false, length: 0.666667, seed: 2 },
      { name: 'b-s3', heldOut: true, length: 1, seed: 3 },
    ]);
    for (const { metrics } of manifest.networks) {
      expect(Object.keys(metrics)).toEqual(['trainLoss', 'testAccuracy', 'predictedAccuracy', 'agreement']);
    }

    // What is there fits together: the embeddings are those that the space beside them gives.
    const space = await NetSpace.load(fileHandler(at('page', 'space')), { architectures: architectureByName });
    const { tensors, metadata } = readSafetensors(await readFile(at('page', 'embeddings.safetensors')));
    expect(JSON.parse(metadata['names']!)).toEqual(manifest.networks.map(({ name }) => name));
    const zoo = openInstanceStore(directoryFiles(at('page', 'zoo-heldout')));
    expect((await zoo.list()).map(({ name }) => name)).toEqual(['a-s1', 'b-s3']);
    const embedding = await space.encode([await zoo.load('b-s3')]).data();
    const written = [...tensors.get('embeddings')!.data].map(Number).slice(3 * embedding.length);
    written.forEach((value, i) => expect(value).toBeCloseTo(embedding[i]!, 2)); // whose weights are in float16
    space.dispose();

    const sample = readSafetensors(await readFile(at('page', 'sample.safetensors'))).tensors;
    const { test } = await loadMnist();
    expect(sample.get('images')).toMatchObject({ dtype: 'U8', shape: [10, 1, 28, 28] });
    expect(sample.get('images')!.data.slice(0, 784)).toEqual(test.images.slice(0, 784));
    expect(sample.get('labels')).toMatchObject({ dtype: 'I32', shape: [10] });
    expect(sample.get('labels')!.data[0]).toBe(test.labels[0]);
  });

  it('takes held-out networks from the run, and measures nothing without data', async () => {
    await writeFile(at('space', 'run.json'), JSON.stringify({ command: 'train', state: 'done', result: { heldOut: ['a-s2'] } }));
    expect(await exported(at('space'), '--zoo', at('a'), '--out', at('run'))).toMatchObject({ code: 0 });
    await rm(at('space', 'run.json'));
    const { networks, description, sample, classes } = await manifestIn('run');
    expect(networks.filter(({ heldOut }) => heldOut).map(({ name }) => name)).toEqual(['a-s2']);
    expect(networks[0]!.metrics).toEqual({ trainLoss: 2 });
    expect([description, sample, classes]).toEqual(['3 classifiers, of one architecture; a network is 64 numbers.', undefined, undefined]);
  });

  it('says that places and figures are of refined encodings, and that the space was trained with free embeddings', async () => {
    await writeFile(at('chairs', 'run.json'), JSON.stringify({ command: 'train', state: 'done', config: { embeddings: 'free' } }));
    expect(await exported(at('chairs'), '--zoo', at('c'), '--out', at('refined'), '--refine', '2')).toMatchObject({ code: 0 });
    expect(await manifestIn('refined')).toMatchObject({ refineSteps: 2, freeEmbeddings: true });
    expect(await readFile(at('refined', 'README.md'), 'utf8')).toContain('of refined encodings, each moved in 2 steps');
    const plain = await exported(at('chairs'), '--zoo', at('c'), '--out', at('guessed'));
    expect(plain.stderr).toContain('was trained with free embeddings, and its encoder only guesses');
    const guessed = await manifestIn('guessed');
    expect([guessed.refineSteps, guessed.freeEmbeddings]).toEqual([undefined, true]);
    await rm(at('chairs', 'run.json'));
    const again = await exported(at('guessed', 'space'), '--zoo', at('c'), '--out', at('copied')); // which has no run, but the folder around it
    expect(again.stderr).toContain('was trained with free embeddings');
    expect((await manifestIn('copied')).freeEmbeddings).toBe(true);
  });
  it('keeps all weights where no network is known to be held out, or none if told so', async () => {
    expect(await exported(at('space'), '--zoo', at('a'), '--out', at('all'), '--instance', 'a-s0')).toMatchObject({ code: 0 });
    expect((await manifestIn('all')).zoo).toBe('zoo/manifest.json');
    await mkdir(at('none')); // empty: fine
    expect(await exported(at('space'), '--zoo', at('a'), '--out', at('none'), '--weights', 'none')).toMatchObject({ code: 0 });
    expect((await readdir(at('none'))).sort()).toEqual([
      'README.md',
      'embeddings.safetensors',
      'explorer.json',
      'netspace-files.json',
      'space',
    ]);
    expect((await manifestIn('none')).zoo).toBeUndefined();
  });

  it('writes a folder whose space lies one below, as the error says of it', async () => {
    await exported(at('space'), '--zoo', at('a'), '--out', at('below'), '--held-out', 'a-s0');
    await expect(openSpace(at('below'), { note: () => undefined })).rejects.toThrow(
      /a folder of export, whose space is .*below.space; name that/,
    );
  });

  it('leaves word of the held-out networks for evaluate and report, which say nothing of networks that it does not know', async () => {
    await exported(at('space'), '--zoo', at('a'), '--out', at('told'), '--held-out', 'a-s0');
    const records = [{ name: 'a-s0' }, { name: 'a-s1' }];
    expect(await exportedRecord(at('told', 'space'), records)).toEqual({ result: { heldOut: ['a-s0'] } });
    expect(await exportedRecord(at('told', 'space'), [...records, { name: 'mine' }])).toBeUndefined();
    expect(await exportedRecord(at('told', 'zoo-heldout'), records)).toBeUndefined();
    expect(await exportedRecord(at('space'), records)).toBeUndefined();
  });

  it('measures shapes by themselves', async () => {
    const { code } = await exported(at('chairs'), '--zoo', at('c'), '--out', at('shapes'), '--held-out', '*', '--instance', 'c-s0');
    expect(code).toBe(0);
    const { kind, networks } = await manifestIn('shapes');
    expect({ kind, networks }).toMatchObject({ kind: 'sdf', networks: [{ name: 'c-s0', metrics: { mse: expect.any(Number) as number } }] });
  });

  it.each([
    ['a folder with something in it', ['--zoo', 'a', '--out', 'space'], /expected --out to be a new or an empty folder, got .*space.json/],
    ['a sample of nothing', ['--zoo', 'a', '--out', 'x', '--sample', '5'], /expected --data to take the images of --sample from/],
    ['a pattern that fits none', ['--zoo', 'a', '--out', 'x', '--held-out', 'z*'], /expected --held-out to name networks, got 'z\*'/],
    ['one network twice', ['--zoo', 'a', 'a', '--out', 'x'], /expected each name in one zoo, got a-s0 in two/],
    ['a network of another space', ['--zoo', 'c', '--out', 'x'], /siren-3-8x1-1/],
    ['names for other classes', ['--zoo', 'a', '--out', 'x', '--data', 'mnist', '--classes', 'odd, even'], /10 names as --classes, got 2/],
    ['a card that is not there', ['--zoo', 'a', '--out', 'x', '--card', 'none.md'], /expected a file at .*none.md/],
  ])('refuses %s, and leaves nothing', async (_, args, message) => {
    const paths = args.map((word) => (/^(a|c|x|space|none.md)$/.test(word) ? at(word) : word));
    expect(await exported(at('space'), ...paths)).toMatchObject({ code: 1, stderr: expect.stringMatching(message) as string });
    await expect(readdir(at('x'))).rejects.toThrow('ENOENT');
  });

  it('refuses data beside shapes, which it would not look at', async () => {
    const { code, stderr } = await exported(at('chairs'), '--zoo', at('c'), '--out', at('x'), '--data', 'mnist');
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/export: expected no --data for networks of shapes, .*got mnist; leave it out/) as string,
    });
    await expect(readdir(at('x'))).rejects.toThrow('ENOENT');
  });

  it('shows networks at their refined encodings if told so, and measures what these decode to', async () => {
    const places = [];
    const mse = [];
    for (const [name, ...refine] of [['rough'], ['fine', '--refine', '20']] as const) {
      const { code } = await exported(at('chairs'), '--zoo', at('c'), '--out', at(name), ...refine);
      expect(code).toBe(0);
      places.push(String(readSafetensors(await readFile(at(name, 'embeddings.safetensors'))).tensors.get('embeddings')!.data));
      mse.push((await manifestIn(name)).networks.map(({ metrics }) => metrics['mse']!));
    }
    expect(places[1]).not.toBe(places[0]);
    expect(mse[1]![0]! + mse[1]![1]!).toBeLessThan(mse[0]![0]! + mse[0]![1]!);
  });

  it('leaves an empty folder when a network turns out to be damaged', async () => {
    await make('other', { d: [architectureByName('lenet-like-1x28x28-10-w0.1'), [0]] });
    await writeFile(at('d', 'shards', '000000.bin'), 'torn');
    expect((await exported(at('other'), '--zoo', at('d'), '--out', at('torn'))).stderr).toMatch(/CORRUPT_FILE/);
    expect(await readdir(at('torn'))).toEqual([]);
  });
});
