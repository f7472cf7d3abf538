import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type RefinedInstance, refinedReconstruction, refineEmbedding, type SpaceEvaluation } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import { meshPlausibility, readStl } from '@netspace/shapes';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { loadMnist } from '../datasets/load-mnist.js';
import { directoryFiles } from '../files/directory-files.js';
import { fileHandler } from '../files/file-handler.js';
import { selectRuntime } from '../runtime/select-runtime.js';
import type { ShapesEvaluation } from './evaluation/evaluate-shapes.js';
import type { EvaluationVerdict } from './evaluation/evaluation-verdict.js';
import { readEmbeddings } from './files/embedding-file.js';
import { readInstance } from './files/instance-file.js';
import { runCli } from './run-cli.js';
import { inProcess as run, netspace } from './testing/in-process.js';

let folder: string;
const at = (...names: readonly string[]): string => join(folder, ...names);

/** A space and a zoo of untrained networks. */
async function make(name: string, architectureName: string): Promise<void> {
  const architecture = architectureByName(architectureName);
  const instances = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
  const store = openInstanceStore(directoryFiles(at(`${name}-zoo`)));
  for (const [i, instance] of instances.entries()) await store.add({ name: `n${i}`, instance, epochs: 1, seed: i, metrics: {} });
  const space = new NetSpace({ architectures: [architecture], prepShape: [8, 512], preset: 'tiny', seed: 1 });
  await space.save(fileHandler(at(name)));
  space.dispose();
  disposeInstances(instances);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-refine-'));
  await selectRuntime({ prefer: 'wasm' });
  await make('digits', 'lenet-like-1x28x28-10-w0.1');
  await make('shapes', 'siren-3-16x0-1');
});
afterAll(() => rm(folder, { recursive: true }));

const inputs = (name: string) => ['--space', at(name), '--zoo', at(`${name}-zoo`)];
type Judged = { readonly verdict: EvaluationVerdict };
const nearer = ({ before, after }: Pick<RefinedInstance, 'before' | 'after'>): boolean => after < before;

describe('--refine', () => {
  it('of evaluate has refined encodings of classifiers beside encodings, in the text too', async () => {
    const args = ['evaluate', ...inputs('digits'), '--data', 'mnist', '--limit', '20', '--refine', '5'];
    const { refined, verdict, ...plain } = await netspace<SpaceEvaluation & Judged>(...args);
    const { verdict: before, ...unrefined } = await netspace<SpaceEvaluation & Judged>(...args.slice(0, -2));
    expect(plain).toEqual(unrefined);
    expect(verdict).toEqual({ ...before, change: [...before.change.slice(0, -1), expect.stringMatching(/^Refinement in 5 steps takes /)] });
    expect(before.change.at(-1)).toContain('--refine 100 --instance n0 n1. It takes seconds to minutes a network, for 2 networks.');
    expect(refined!.instances.map(({ name }) => name)).toEqual(['n0', 'n1']);
    expect(refined!.instances.every(nearer)).toBe(true);
    expect(refined!.summary.count).toBe(2);
    const { stdout } = await run(...args);
    expect(stdout).toMatch(/agreement +refined accuracy +refined agreement\n/);
    expect(stdout).toMatch(/all networks +all networks, refined\n/);
    expect(stdout).toMatch(/A network takes \S+ seconds to encode and decode, \S+ seconds with refinement, mean of 2\./);
  });

  it('of evaluate has refined encodings of shapes beside encodings', async () => {
    const args = ['evaluate', ...inputs('shapes'), '--refine', '5'];
    const { refined, verdict, ...plain } = await netspace<ShapesEvaluation & Judged>(...args);
    const { verdict: before, ...unrefined } = await netspace<ShapesEvaluation & Judged>(...args.slice(0, -2));
    expect(plain).toEqual(unrefined);
    expect(verdict).toEqual({ ...before, change: [...before.change.slice(0, -1), expect.stringMatching(/^Refinement in 5 steps takes /)] });
    expect(before.change.at(-1)).toContain('--refine 100 --instance n0 n1. It takes seconds to minutes a network, for 2 networks.');
    expect(refined!.instances.every(nearer)).toBe(true);
    expect(refined!.summary.meanMse).not.toBe(plain.summary.meanMse); // over the whole cube, where refinement counts distances up to 0.1 only
    expect((await run(...args)).stdout).toMatch(/name +MSE +IoU +refined MSE +refined IoU\n.*\n.*\nmean/);
  });

  it('comes first in what evaluate advises for a space of free embeddings, whose own config is trained for longer', async () => {
    const config = at('free config.jsonc');
    await Promise.all([writeFile(config, '{}'), make('free', 'siren-3-16x0-1')]);
    const record = { command: 'train', file: config, state: 'done', config: { zoo: 'zoo', steps: 400, embeddings: 'free' } };
    await writeFile(at('free', 'run.json'), JSON.stringify(record));
    const { verdict } = await netspace<Judged>('evaluate', ...inputs('free'));
    expect(verdict.change[0]).toMatch(/^This space was trained with free embeddings: .* --refine 300\./);
    expect(verdict.change.join('\n')).toContain(`netspace train '${config}' --steps 800 --out ${at('free-more')}.`);
    await rm(config);
    expect((await netspace<Judged>('evaluate', ...inputs('free'))).verdict.change.join('\n')).toContain('netspace train FILE --steps 800');
    for (const command of [
      ['encode', ...inputs('free'), '--out', at('free.safetensors')],
      ['interpolate', ...inputs('free'), '--from', 'n0', '--to', 'n1'],
    ]) {
      let said = '';
      const told = (...more: readonly string[]) => runCli([...command, ...more, '--runtime', 'wasm'], { writeOut: () => undefined, writeErr: (text) => void (said += text) }); // prettier-ignore
      expect(await told('--refine', '1')).toBe(0);
      expect(said).not.toContain('free embeddings');
      expect(await told()).toBe(0);
      expect(said).toMatch(/was trained with free embeddings, .*: refine them \(--refine 300\)\n/);
    }
  });

  describe('that is stopped', () => {
    afterEach(() => void vi.restoreAllMocks());
    /** Runs a command and stops it, as Ctrl-C would, when it shows some words: it shows its progress at every step here, in place of every 10 seconds. */
    async function stoppedAt(words: string, ...command: readonly string[]) {
      let [now, stdout, stderr, shown] = [Date.now(), '', '', ''];
      vi.spyOn(Date, 'now').mockImplementation(() => (now += 11_000));
      vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
        const isFirst = !shown.includes(words);
        shown += String(text);
        if (isFirst && shown.includes(words)) process.emit('SIGINT');
        return true;
      });
      const output = { writeOut: (text: string) => void (stdout += text), writeErr: (text: string) => void (stderr += text) };
      const code = await runCli([...command, '--runtime', 'wasm'], output);
      expect([code, stdout]).toEqual([130, '']);
      return { stderr, shown };
    }
    const second = 'n1, network 2 of 2';

    it('names the network, and encode keeps those that are refined', async () => {
      const out = at('stopped.safetensors');
      const encode = ['encode', ...inputs('shapes'), '--refine', '20', '--out', out];
      const { stderr, shown } = await stoppedAt(second, ...encode);
      expect(shown).toMatch(/^steps of refinement: \d+ of 40, n0, network 1 of 2/m);
      expect(stderr).toMatch(/ABORTED: encode: stopped at n1, network 2 of 2, after \d+ of 20 steps of its refinement; 1 of 2 networks, refined, are in .*stopped\.safetensors\n/); // prettier-ignore
      const { names, embeddings } = await readEmbeddings(out, {});
      expect([names, embeddings.shape]).toEqual([['n0'], [1, 64]]);
      embeddings.dispose();
      const before = await readFile(out);
      await writeFile(`${out}.partial`, 'of an earlier run');
      expect((await stoppedAt(second, ...encode)).stderr).toContain(`1 of 2 networks, refined, are in ${out}.partial-2\n`);
      expect((await readFile(out)).equals(before)).toBe(true);
      expect(await readFile(`${out}.partial`, 'utf8')).toBe('of an earlier run');
      const none = at('none.safetensors');
      expect((await stoppedAt('n0, network 1 of 2', ...encode.slice(0, -1), none)).stderr).toMatch(
        /stopped at n0, .*; 0 of 2 networks were done, and nothing is written/,
      );
      await expect(readFile(none)).rejects.toThrow(/ENOENT/);
    });
    it.each([
      ['evaluate', [], 'no figures are kept'],
      ['report', ['--out', 'PAGE'], 'no report is written'],
      ['export', ['--out', 'SITE'], 'nothing is left in the folder'],
    ])('says of %s that nothing is kept', async (command, more, words) => {
      const where = command === 'evaluate' ? inputs('shapes') : [at('shapes'), '--zoo', at('shapes-zoo')];
      const all = [command, ...where, ...more.map((word) => (word.startsWith('--') ? word : at(word))), '--refine', '20'];
      const { stderr } = await stoppedAt(second, ...all);
      expect(stderr).toMatch(new RegExp(`ABORTED: ${command}: stopped at n1, network 2 of 2, after \\d+ of 20 steps of its refinement; 1 of 2 networks were done, and ${words}\\n`)); // prettier-ignore
    });
    it('says of interpolate that nothing is written', async () => {
      const ends = ['--from', 'n0', '--to', 'n1', '--out', at('stopped-walk')];
      const { stderr } = await stoppedAt(second, 'interpolate', ...inputs('shapes'), ...ends, '--refine', '20');
      expect(stderr).toMatch(/ABORTED: interpolate: stopped at n1, .*; 1 of 2 networks were done, and nothing is written\n/);
    });
  });

  it.each(['digits', 'shapes'])('of encode gives what refineEmbedding gives: %s', async (name) => {
    const data = name === 'digits' ? ['--data', 'mnist'] : [];
    const { embeddings } = await netspace<{ embeddings: { name: string; embedding: number[]; before: number; after: number }[] }>(
      ...['encode', ...inputs(name), '--refine', '5', ...data],
    );
    const space = await NetSpace.load(fileHandler(at(name)), { architectures: architectureByName });
    const target = await openInstanceStore(directoryFiles(at(`${name}-zoo`))).load('n1');
    const found = await refineEmbedding(space, target, { steps: 5, ...(name === 'digits' && { inputs: (await loadMnist()).train }) });
    expect(embeddings[1]).toMatchObject({ name: 'n1', before: found.before, after: found.after });
    const difference = tf.max(tf.abs(tf.sub(found.embedding, embeddings[1]!.embedding)));
    expect((await difference.data())[0]).toBeLessThan(1e-6);
    tf.dispose([difference, found.embedding]);
    space.dispose();
    const { stdout } = await run('encode', ...inputs(name), '--refine', '5', ...data, '--out', at('embeddings.safetensors'));
    expect(stdout).toMatch(/^2 networks as \[2,64\].*\nn0 +distance \S+ → \S+\nn1 /);
  });

  it('of interpolate starts and ends at refined embeddings', async () => {
    const ends = ['--from', 'n0', '--to', 'n1', '--steps', '2', '--out', at('walk')];
    const { stops } = await netspace<{ stops: { volume: number; mesh?: string }[] }>('interpolate', ...inputs('shapes'), ...ends, '--refine', '5'); // prettier-ignore
    for (const { volume, mesh } of stops) {
      if (mesh === undefined) expect(volume).toBe(0);
      else expect(meshPlausibility(readStl(await readFile(mesh))).volume).toBeCloseTo(volume, 5);
    }
    const space = await NetSpace.load(fileHandler(at('shapes')), { architectures: architectureByName });
    const target = await openInstanceStore(directoryFiles(at('shapes-zoo'))).load('n1');
    const { predicted } = await refinedReconstruction(space, target, { steps: 5 });
    const written = await readInstance(at('walk', 'n0--n1-1.safetensors'), target.architecture);
    for (const [i, expected] of predicted.parameters.entries()) {
      const difference = tf.max(tf.abs(tf.sub(expected, written.parameters[i]!)));
      expect((await difference.data())[0]).toBeLessThan(1e-6);
      difference.dispose();
    }
    disposeInstances([predicted, written]);
    space.dispose();
  });

  it.each([['digits', '--data', 'mnist', '--limit', '20'], ['shapes']])('of report has a section with both: %s', async (name, ...more) => {
    const out = at(`${name}.html`);
    const { refined } = await netspace<{ refined: { count: number } }>(
      ...['report', at(name), '--zoo', at(`${name}-zoo`), ...more, '--refine', '3', '--out', out],
    );
    expect(refined.count).toBe(2);
    const words = (await readFile(out, 'utf8')).replace(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(words).toMatch(
      /Refined encodings .*moves that embedding, or the closest one that the space learned with, in 3 steps.*mean encodings refined .* network .*, refined .*n0 .*n1/,
    );
    if (name === 'shapes') expect(words).toMatch(/mean start of the search end difference of distances up to 0\.1 /);
  });

  it('is refused on a file whose inputs it would be measured on too', async () => {
    await make('pictures', 'siren-2-8x0-3');
    const data = at('points.csv');
    await writeFile(data, 'x,y\n0,0\n0,1\n1,0\n');
    const message = /expected --data with a training half beside --refine, got .*points.csv, which is the test half too/;
    const measured = ['--zoo', at('pictures-zoo'), '--data', data, '--refine', '2', '--out', at('nowhere')];
    expect((await run('export', at('pictures'), ...measured)).stderr).toMatch(message);
    expect((await run('interpolate', '--space', at('pictures'), '--from', 'n0', '--to', 'n1', ...measured)).stderr).toMatch(message);
  });

  it.each([
    [['encode', 'digits', '--refine', '3'], /expected --data beside --refine/],
    [['encode', 'digits', '--data', 'mnist'], /expected no --data without --refine/],
    [['report', 'shapes', '--refine', '3'], /expected --zoo beside --refine/],
    [['evaluate', 'shapes', '--limit', '20'], /expected no --limit for networks of shapes/],
    [['evaluate', 'shapes', '--batch-size', '20'], /expected no --batch-size for networks of shapes/],
    [
      ['export', 'shapes', '--limit', '20', '--out', 'no-folder'],
      /expected --data beside --limit, which counts its inputs, got --limit 20 alone/,
    ],
    [
      ['evaluate', 'digits'],
      /expected --data for a space of classifiers, got none; name one, such as mnist, cifar10:PATH, tiny-imagenet:PATH, /,
    ],
    [['evaluate', 'shapes', '--refine', '0'], /expected a whole number from 1/],
    [['interpolate', 'digits', '--from', 'n0', '--to', 'n1', '--refine', '2'], /expected --data beside --refine/],
  ])('is refused: %j', async ([command, name, ...more], message) => {
    const where = command === 'report' ? [at(name!)] : command === 'export' ? [at(name!), '--zoo', at(`${name}-zoo`)] : inputs(name!);
    const { code, stdout, stderr } = await run(command!, ...where, ...more, ...(command === 'encode' ? ['--json'] : []));
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(message);
  });
});
