import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ExplorerManifest } from '@netspace/explorer';
import { trainedEmbeddings } from '@netspace/train';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import { disposeInstances } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkpointFile } from '../files/checkpoint-file.js';
import { directoryFiles } from '../files/directory-files.js';
import { selectRuntime } from '../runtime/select-runtime.js';
import type { ShapeSummary } from './evaluation/evaluate-shapes.js';
import { readEmbeddings } from './files/embedding-file.js';
import { cli, inProcess as run } from './testing/in-process.js';

let folder: string;
const at = (...names: readonly string[]): string => join(folder, ...names);
const NAMES = ['10', 'b', '2']; // a program's object would sort them otherwise

interface Encoded {
  readonly embeddings: readonly { readonly name: string; readonly before: number; readonly after: number }[];
}
interface Results {
  readonly runs: readonly { readonly name: string; readonly result: { readonly measures: ShapeSummary } }[];
}
async function refined(space: string): Promise<Encoded['embeddings']> {
  const { code, stdout, stderr } = await run('encode', '--space', at(space), '--zoo', at('zoo'), '--refine', '1', '--json');
  if (code !== 0) throw new Error(`exit code ${code}: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as Encoded).embeddings;
}

/** Trains a space of the three shapes for a few steps. */
async function train(name: string, embeddings: 'free' | 'encoded'): Promise<void> {
  const config = {
    ...{ zoo: at('zoo'), space: { preset: 'tiny', prepShape: [4, 24], start: 'instances', units: 'zoo', directions: {} } },
    ...{ task: { kind: 'sdf', near: 'targets', points: 'own', clamp: 0.1 }, batch: { nets: 3, inputs: 32 }, embeddings },
    ...{ steps: 100, learningRate: 1e-2 },
  };
  await writeFile(at(`${name}.json`), JSON.stringify(config));
  const { code, stderr } = await run('train', at(`${name}.json`), '--out', at(name));
  if (code !== 0) throw new Error(stderr);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-known-'));
  await selectRuntime({ prefer: 'wasm' });
  const architecture = architectureByName('siren-3-8x0-1');
  const store = openInstanceStore(directoryFiles(at('zoo')));
  for (const [i, name] of NAMES.entries()) {
    const weights = initialize(architecture.parameters, { seed: i, scheme: 'siren' });
    const parameters = weights.map((weight, at) => (at < weights.length - 2 ? weight : tf.mul(weight, 0.2))); // distances of about 0.1
    const instance = { architecture, parameters };
    await store.add({ name, instance, epochs: 1, seed: 0, metrics: {} });
    disposeInstances([instance]);
  }
  await train('free', 'free');
  await train('encoded', 'encoded');
});
afterAll(() => rm(folder, { recursive: true }));

describe('known.safetensors', () => {
  it('has the embeddings of a run’s checkpoint, with the names of its networks', async () => {
    const { names, embeddings } = await readEmbeddings(at('free', 'known.safetensors'));
    const trained = await trainedEmbeddings(checkpointFile(at('free', 'checkpoint.safetensors')));
    const store = openInstanceStore(directoryFiles(at('zoo')));
    expect(names).toEqual((await store.list()).map(({ name }) => name)); // in the order in which the run loaded them
    expect(await embeddings.array()).toEqual(await trained.array());
    expect((await tf.max(tf.abs(embeddings)).data())[0]).toBeGreaterThan(0.1);
    tf.dispose([embeddings, trained]);
    expect(await readdir(at('encoded'))).not.toContain('known.safetensors');
  });

  it('is where refinements start, nearer than encodings', async () => {
    await cp(at('free'), at('without'), { recursive: true });
    await rm(at('without', 'known.safetensors'));
    const [known, encoded] = [await refined('free'), await refined('without')];
    const sum = (rows: Encoded['embeddings']) => rows.reduce((total, { before }) => total + before, 0);
    expect(known.map(({ name }) => name)).toEqual(encoded.map(({ name }) => name));
    expect(sum(known)).toBeLessThan(0.9 * sum(encoded));
  });

  it('is where the spaces of a sweep are refined, which says so, or that it measures guesses', async () => {
    const write = (evaluate: object) =>
      writeFile(
        at('sweep.json'),
        JSON.stringify({ config: 'free.json', runs: [{ holdOut: { names: ['b'] }, 'batch.nets': 2 }], evaluate }),
      );
    async function swept() {
      const { code, stdout, stderr } = await cli('sweep', at('sweep.json'), '--out', at('runs'));
      expect(code, stderr).toBe(0);
      const { runs } = JSON.parse(await readFile(at('runs', 'results.json'), 'utf8')) as Results;
      return { stdout, stderr, measures: runs[0]!.result.measures, space: at('runs', runs[0]!.name) };
    }
    await write({});
    const guessed = await swept();
    expect(guessed.stderr).toMatch(
      /all runs train free embeddings, whose encoders only guess .*: refine them \("evaluate": \{ "refine": 300 \}\)/,
    );
    const writtenAt = async () => (await stat(join(guessed.space, 'checkpoint.safetensors'))).mtimeMs;
    const before = await writtenAt();
    await write({ refine: 20 });
    const refined = await swept();
    expect(refined.stderr).not.toContain('guess');
    expect(refined.stdout).toMatch(/1 run in .*; measures are of refined encodings, each moved in 20 steps/);
    expect(await writtenAt()).toBe(before); // nothing is trained again
    const measured = ['--instance', 'b', '--refine', '20', '--json'];
    const { stdout } = await run('evaluate', '--space', refined.space, '--zoo', at('zoo'), ...measured);
    const evaluation = JSON.parse(stdout) as { summary: ShapeSummary; refined: { summary: ShapeSummary } };
    expect(guessed.measures).toEqual(evaluation.summary);
    expect(refined.measures).toEqual(evaluation.refined.summary);
    expect(refined.measures).not.toEqual(guessed.measures);
  });

  it('leads to what a report draws: networks of refined encodings, as its figures are of', async () => {
    for (const [name, note] of [['free', 'predicted, refined'], ['encoded', 'predicted']] as const) {
      const out = at(`${name}.html`);
      const { code, stderr } = await run('report', at(name), '--zoo', at('zoo'), '--refine', '1', '--out', out);
      expect(code, stderr).toBe(0);
      const drawn = (await readFile(out, 'utf8')).split('How they look').at(-1)!; // after that of the contents
      expect(drawn).toContain('target');
      expect(new Set(drawn.match(/predicted(, refined)?/g))).toEqual(new Set([note]));
    } // prettier-ignore
  });

  it('goes along with an exported space, whose weights are halves', async () => {
    const { code, stderr } = await run('export', at('free'), '--zoo', at('zoo'), '--out', at('exported'));
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const manifest = JSON.parse(await readFile(at('exported', 'explorer.json'), 'utf8')) as ExplorerManifest;
    expect(manifest).toMatchObject({ freeEmbeddings: true, known: 'space/known.safetensors' }); // for the page
    const sum = (rows: Encoded['embeddings']) => rows.reduce((total, { before }) => total + before, 0);
    expect(sum(await refined('exported/space'))).toBeCloseTo(sum(await refined('free')), 2);
  });

  it('is refused beside another space', async () => {
    await cp(at('free', 'known.safetensors'), at('encoded', 'known.safetensors'));
    const { code, stdout: stderr } = await run('encode', '--space', at('encoded'), '--zoo', at('zoo'), '--refine', '1', '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /expected in .*known\.safetensors embeddings of the space beside it, got those of another; .*--resume writes it again; else remove the file/,
    );
    expect((await run('encode', '--space', at('encoded'), '--zoo', at('zoo'), '--json')).code).toBe(0); // not read without --refine
    await rm(at('encoded', 'known.safetensors'));
  });
});
