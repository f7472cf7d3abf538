import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { rawToFloat32, readSafetensors } from '@netspace/formats';
import { disposeInstances } from '@netspace/prep';
import { openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { runCli } from './run-cli.js';

// Zoos as their authors lay them out, with what PyTorch computes: packages/node/fixtures/make-zoos.py.
const zoos = fileURLToPath(new URL('../../fixtures/zoos', import.meta.url));
const LENET = 'lenet-like-1x21x21-3-w0.2';
let folder = '';
let count = 0;
const at = (name: string) => join(folder, name);

interface Result {
  readonly layout: string;
  readonly added: number;
  readonly present: number;
  readonly said: readonly string[];
  readonly problems: readonly { readonly place: string; readonly problem: string }[];
}

async function importing(source: string, out: string, ...more: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const command = ['zoo', 'import', source, '--out', out, ...more, '--runtime', 'cpu', '--json', '--quiet'];
  const code = await runCli(command, { writeOut: (text) => void (stdout += text), writeErr: (text) => void (stderr += text) });
  return { code, stderr, result: (stdout === '' ? undefined : JSON.parse(stdout)) as Result };
}

/** Imports a zoo and gives what is in ours, by name. */
async function imported(source: string, ...more: readonly string[]) {
  const out = at(`out-${count++}`);
  const run = await importing(join(zoos, source), out, ...more);
  expect(run.stderr).toBe('');
  const store = openInstanceStore(directoryFiles(out));
  expect(await store.verify()).toEqual([]);
  const records = new Map((await store.list()).map((record) => [record.name, record]));
  expect(run.result.added).toBe(records.size);
  return { ...run, out, store, records };
}

/** Compares what an imported network computes with what PyTorch computed, to 1e-5. */
async function expectSame(store: ReturnType<typeof openInstanceStore>, name: string, theirs: string): Promise<void> {
  const { tensors } = readSafetensors(await readFile(join(zoos, 'expected.safetensors')));
  const [input, output] = ['input', 'output'].map((part) => tensors.get(`${theirs}/${part}`)!);
  const { architecture, parameters } = await store.load(name);
  const x = tf.tensor(rawToFloat32(input!), [...input!.shape]);
  const got = architecture.apply(parameters, x.rank === 4 ? tf.transpose(x, [0, 2, 3, 1]) : x).dataSync();
  const wanted = rawToFloat32(output!);
  expect(got).toHaveLength(wanted.length);
  expect(Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!))), `${name} and ${theirs}`).toBeLessThan(1e-5);
  disposeInstances([{ parameters }]);
}

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-others-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('netspace zoo import FOLDER', () => {
  it('reads a folder of checkpoints of several kinds, with measures from CSV or JSON lines', async () => {
    const csv = await imported('files', '--architecture', LENET, '--metrics', join(zoos, 'files/metrics.csv'));
    expect(csv.result).toMatchObject({ layout: 'files', added: 3, problems: [] });
    expect([...csv.records.keys()]).toEqual(['a', 'c', 'deeper-b']);
    expect(csv.records.get('a')).toMatchObject({ epochs: 3, seed: 1, metrics: { 'test accuracy': 0.5 } });
    expect(csv.records.get('c')).toMatchObject({ epochs: 5, seed: 3, metrics: {} });
    for (const [name, theirs] of [['a', 'a'], ['c', 'c'], ['deeper-b', 'b']] as const) await expectSame(csv.store, name, theirs); // prettier-ignore
    const lines = await imported('files', '--architecture', LENET, '--metrics', join(zoos, 'files/metrics.jsonl'));
    expect(lines.records.get('deeper-b')).toMatchObject({ epochs: 0, metrics: { testAccuracy: 0.25 } });
    expect(lines.records.get('c')!.metrics).toEqual({}); // NaN
  });
  it.each([
    ['name,epochs\na,ten\n', /expected a number from 0 as epochs of a .* got "ten"/],
    ['name,epochs\na,-1\n', /expected a number from 0 as epochs of a .* got "-1"/],
    ['name,seed\na,1.5\n', /expected a whole number from 0 as seed of a .* got "1.5"/],
    ['name,testAccuracy\na,95 %\n', /expected a number such as 0.95 as testAccuracy of a .* got "95 %"/],
    ['name,testAccuracy\na,"0,9"\n', /as testAccuracy of a .* got "0,9"/],
    ['name,testAccuracy,testAccuracy\na,0.9,0.1\n', /expected each column once in .* got testAccuracy twice/],
  ])('refuses a table with numbers that are none: %j', async (text, message) => {
    await writeFile(at('mistaken.csv'), text);
    const run = await importing(join(zoos, 'files'), at('none'), '--architecture', LENET, '--metrics', at('mistaken.csv'));
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(message);
  });
  it('reads a table with spaces beside its commas', async () => {
    await writeFile(at('spaces.csv'), '\ufeffname , epochs, testAccuracy\na, 5 , 0.9\n');
    const { records } = await imported('files', '--architecture', LENET, '--metrics', at('spaces.csv'));
    expect(records.get('a')).toMatchObject({ epochs: 5, metrics: { testAccuracy: 0.9 } });
  });
  it('takes the name of a folder where each has one file of the same name, or what stands for a *', async () => {
    const plain = await imported('folders', '--architecture', LENET, '--names', 'run_*/model.pt');
    expect([...plain.records.keys()]).toEqual(['1', '2']);
    await expectSame(plain.store, '2', 'run_2');
    await cp(join(zoos, 'folders/run_1'), at('same/run_1'), { recursive: true });
    await cp(join(zoos, 'folders/run_2/model.pt'), at('same/run_2/model.pt'));
    await rm(at('same/run_1/optimizer.pt'));
    const { result } = await importing(at('same'), at('same-zoo'), '--architecture', LENET);
    expect(result.added).toBe(2);
    expect(await openInstanceStore(directoryFiles(at('same-zoo'))).has('run_1')).toBe(true);
  });
  it('finds the tensors of a pickled model, whose class it does not run', async () => {
    const { store } = await imported('pickled', '--architecture', LENET);
    await expectSame(store, 'whole', 'whole');
  });
  it('leaves out what cannot be read, says which, and ends with status 1; refuses a zoo whose first network does not fit', async () => {
    const out = at('mixed');
    const { code, result } = await importing(join(zoos, 'folders'), out, '--architecture', LENET, '--names', '*/*.pt');
    expect(code).toBe(1);
    expect(result).toMatchObject({ added: 2 });
    expect(result.problems.map(({ place }) => place.slice(zoos.length + 1))).toEqual([
      'folders/run_1/optimizer.pt',
      'folders/run_2/optimizer.pt',
    ]);
    const again = await importing(join(zoos, 'folders'), out, '--architecture', LENET, '--names', 'r*_*/model.pt');
    expect(again.result).toMatchObject({ added: 2, present: 0 }); // other names
    expect((await importing(join(zoos, 'folders'), out, '--architecture', LENET, '--names', 'r*_*/model.pt')).result).toMatchObject({
      added: 0,
      present: 2,
    });
    expect((await importing(join(zoos, 'files'), at('none'))).stderr).toMatch(/expected --architecture for networks that are no SIRENs/);
    expect((await importing(join(zoos, 'files'), at('none'), '--architecture', 'siren-3-8x1-1')).stderr).toMatch(/a\.pt: /);
  });
  it('takes a name whose weights are others for no network that is there', async () => {
    const out = at('others');
    const from = at('first');
    await cp(join(zoos, 'folders/run_1/model.pt'), join(from, 'a.pt'));
    await cp(join(zoos, 'folders/run_1/model.pt'), join(from, 'b.pt'));
    await cp(join(zoos, 'folders/run_1/model.pt'), join(from, 'c.pt'));
    expect((await importing(from, out, '--architecture', LENET)).result).toMatchObject({ added: 3, present: 0 });
    expect(await importing(from, out, '--architecture', LENET)).toMatchObject({ code: 0, result: { added: 0, present: 3 } });
    await cp(join(zoos, 'folders/run_2/model.pt'), join(from, 'b.pt'));
    const { code, result } = await importing(from, out, '--architecture', LENET);
    expect(code).toBe(1);
    expect(result).toMatchObject({ added: 0, present: 2, problems: [{ place: join(from, 'b.pt') }] });
    expect(result.problems[0]!.problem).toMatch(
      /expected the weights that the zoo has as b, got others; import into another zoo with --out/,
    );
    await cp(join(zoos, 'folders/run_2/model.pt'), join(from, 'a.pt'));
    const other = await importing(from, out, '--architecture', LENET); // the first is another: so is the zoo
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/INVALID_OPTION: .*a\.pt: .*expected the weights that the zoo has as a, got others/);
    expect(await openInstanceStore(directoryFiles(out)).verify()).toEqual([]);

    // A zoo in half precision has the same networks, rounded.
    const half = openInstanceStore(directoryFiles(at('half')), { dtype: 'float16' });
    const stored = await openInstanceStore(directoryFiles(out)).load('c');
    await half.add({ name: 'c', instance: stored, epochs: 0, seed: 0, metrics: {} });
    disposeInstances([stored]);
    expect((await importing(from, at('half'), '--architecture', LENET, '--names', 'c*.pt')).result).toMatchObject({ added: 1 });
    await rm(join(from, 'a.pt'));
    await rm(join(from, 'b.pt'));
    expect((await importing(from, at('half'), '--architecture', LENET)).result).toMatchObject({ added: 0, present: 1 });
  });
  it('gives measures to the network that a table means, and says which lines mean none', async () => {
    const from = at('names');
    for (const name of ['a b.pt', 'a-b.pt', 'c d.pt', 'e.pt', 'e/f.pt', 'e-f g.pt', 'e f-g.pt'])
      await cp(join(zoos, 'files/a.pt'), join(from, name));
    await writeFile(at('names.csv'), 'name,score\na-b,1\nc-d,2\ne.pt,3\ne/f,4\ne-f-g,5\nz,6\n');
    const out = at('named');
    const { result } = await importing(from, out, '--architecture', LENET, '--metrics', at('names.csv'));
    expect(result.said).toEqual([
      `3 of 7 networks are not in ${at('names.csv')}: they have no measures`,
      `2 lines of ${at('names.csv')} are of no network that was found, such as e-f-g`,
    ]);
    const scores = new Map((await openInstanceStore(directoryFiles(out)).list()).map(({ name, metrics }) => [name, metrics['score']]));
    expect(scores).toEqual(new Map([['a-b', undefined], ['c-d', 2], ['e', 3], ['e-f', 4], ['e-f-g', undefined]])); // prettier-ignore
    expect(result.problems.map(({ place }) => place.slice(from.length + 1))).toEqual(['a-b.pt', 'e-f g.pt']); // names that are taken
    await writeFile(at('names.csv'), 'file,score\ne,3\ne.pt,4\n');
    expect((await importing(from, at('none'), '--architecture', LENET, '--metrics', at('names.csv'))).stderr).toMatch(
      /expected one line for each network in .*, got two for e\.pt and e;/,
    );
  });
  it("reads Ray Tune's trainings: the right line of results with either offset, sizes from the weights", async () => {
    const all = await imported('ray', '--architecture', LENET, '--checkpoints', 'all');
    expect(all.result.layout).toBe('ray-tune');
    expect([...all.records.keys()]).toEqual(['ab12c_00000-e0', 'ab12c_00000-e2', 'ab12c_00001-e0', 'ab12c_00001-e2']);
    for (const run of [0, 1]) {
      const [untrained, trained] = [0, 2].map((epoch) => all.records.get(`ab12c_0000${run}-e${epoch}`)!);
      expect(untrained).toMatchObject({ epochs: 0, seed: run + 1, metrics: { testLoss: 2, 'optim.lr': 3e-4 } });
      expect(untrained!.metrics['testAccuracy']).toBeCloseTo(0.1 + 0.01 * run, 9);
      expect(untrained!.metrics).not.toHaveProperty('trainLoss'); // -999
      expect(trained!.metrics).toMatchObject({ testLoss: 0, trainLoss: 0.5 });
      expect(trained!.metrics['testAccuracy']).toBeCloseTo(0.5 + 0.01 * run, 9);
      for (const epoch of [0, 2]) await expectSame(all.store, `ab12c_0000${run}-e${epoch}`, `ray-${run}-${epoch}`);
    }
    expect([...(await imported('ray', '--architecture', LENET)).records.keys()]).toEqual(['ab12c_00000-e2', 'ab12c_00001-e2']);
    expect([...(await imported('ray', '--architecture', LENET, '--checkpoints', '0')).records.keys()]).toEqual([
      'ab12c_00000-e0',
      'ab12c_00001-e0',
    ]);
  });
  it('asks for the offset of results that do not show it', async () => {
    await cp(join(zoos, 'ray'), at('ray'), { recursive: true });
    const run = at('ray/NN_tune_trainable_ab12c_00000_0_seed=1_2021-07-12_12-44-44');
    const lines = [3, 4, 5].map((number) => JSON.stringify({ training_iteration: number, test_acc: number / 10 }));
    await writeFile(join(run, 'result.json'), lines.join('\n'));
    const { stderr } = await importing(at('ray'), at('unsure'), '--architecture', LENET);
    expect(stderr).toMatch(/UNSUPPORTED: .*which of its lines is of the untrained network, got lines from 3 to 5; say --epoch-offset/);
    const told = await importing(at('ray'), at('unsure'), '--architecture', LENET, '--epoch-offset', '3');
    expect(told.result.added).toBe(2);
    const [first] = await openInstanceStore(directoryFiles(at('unsure'))).list();
    expect(first!.metrics['testAccuracy']).toBe(0.5);
  });
  it("reads rows of the Small CNN Zoo, in TensorFlow's order", async () => {
    const { result, records, store } = await imported('small-cnn', '--architecture', LENET);
    expect(result.layout).toBe('small-cnn');
    expect([...records.values()].map(({ epochs, seed }) => [epochs, seed])).toEqual([[0, 7], [1, 8], [86, 9]]); // prettier-ignore
    expect(records.get('net-2')!.metrics).toEqual({ learning_rate: 0.01, testAccuracy: 0.7, testLoss: 0 });
    for (const i of [0, 1, 2]) await expectSame(store, `net-${i}`, `small-cnn-${i}`);
    expect([...(await imported('small-cnn', '--architecture', LENET, '--checkpoints', '86')).records.keys()]).toEqual(['net-2']);
    expect([...(await imported('small-cnn', '--architecture', LENET, '--first', '2')).records.keys()]).toEqual(['net-0', 'net-1']);
  });
  it('refuses a Small CNN Zoo whose files do not fit together', async () => {
    const change = async (name: string, bytes: Uint8Array | string, message: RegExp, code = 'CORRUPT_FILE') => {
      const to = at(`small-${count++}`);
      await cp(join(zoos, 'small-cnn'), to, { recursive: true });
      await writeFile(join(to, name), bytes);
      const { stderr } = await importing(to, at('none'), '--architecture', LENET);
      expect(stderr).toMatch(message);
      expect(stderr).toContain(code);
    };
    const weights = await readFile(join(zoos, 'small-cnn/weights.npy'));
    const layout = await readFile(join(zoos, 'small-cnn/layout.csv'), 'utf8');
    await change('weights.npy', weights.subarray(0, -1), /expected \d+ bytes of .*weights\.npy/);
    await change('weights.npy', 'numbers', /expected an npy file/);
    await change('layout.csv', layout.replace('26,25', '27,26'), /one behind the other/);
    await change('layout.csv', layout.split('\n').slice(0, -2).join('\n'), /cover 1255 numbers .* got 1204/);
    await change('metrics.csv.gz', gzipSync('step,test_accuracy\n0,1\n'), /line of metrics for each of 3/);
    await change('metrics.csv.gz', gzipSync('step,test_accuracy\n0,1\n').subarray(0, 20), /comma-separated values/);
  });
  it("reads inr2vec's files of HDF5, and finds the SIREN that has so many numbers", async () => {
    const { result, records, store } = await imported('inr2vec');
    expect(result.said.join(' ')).toMatch(/siren-3-8x2-1: ω₀ = 30 in every sine, nothing added to the output/);
    expect([...records.keys()]).toEqual(['train-0', 'train-1', 'val-0', 'val-1']);
    expect(records.get('val-1')!.metrics).toEqual({ label: 6 });
    for (const split of ['train', 'val']) for (const i of [0, 1]) await expectSame(store, `${split}-${i}`, `inr2vec-${split}-${i}`);
    expect((await importing(join(zoos, 'inr2vec'), at('none'), '--architecture', 'siren-3-9x2-1')).stderr).toMatch(
      /expected 226 numbers .* got 185/,
    );
  });
  it('takes the frequency of flattened SIRENs from --architecture, and says that one', async () => {
    const { result } = await imported('inr2vec', '--architecture', 'siren-3-8x2-1-omega10');
    expect(result.said.join(' ')).toMatch(/siren-3-8x2-1-omega10: ω₀ = 10 in every sine/);
    expect(result.said.join(' ')).not.toMatch(/ω₀ = 30/);
    const both = await importing(join(zoos, 'inr2vec'), at('none'), '--architecture', 'siren-3-8x2-1', '--omega', '10');
    expect(both.stderr).toMatch(/expected --omega and --architecture to say the same, got 10 and siren-3-8x2-1, whose ω₀ is 30/);
  });
  it("carries the conventions of DWSNets' and NFN's SIRENs, and says them", async () => {
    const dws = await imported('dwsnets');
    expect(dws.result.said).toEqual([
      "taken for DWSNets' INR: ω₀ = 30 in every sine, 0.5 added to the output, which is in the last bias now",
    ]);
    expect([...dws.records.values()].map(({ name, architecture, metrics }) => [name, architecture, metrics])).toEqual([
      ['mnist_png_test_7_101', 'siren-2-8x1-1', { label: 7 }],
      ['mnist_png_training_3_100', 'siren-2-8x1-1', { label: 3 }],
    ]);
    await expectSame(dws.store, 'mnist_png_training_3_100', 'dwsnets-0');
    const nfn = await imported('nfn');
    expect(nfn.result.said).toEqual(["taken for NFN's Siren: ω₀ = 30 in every sine, nothing added to the output"]);
    await expectSame(nfn.store, 'randinit_training_0', 'nfn-0');
    await expectSame(nfn.store, 'randinit_test_1', 'nfn-1');
    const told = await imported('nfn', '--omega', '10', '--output-shift', '0.25');
    expect(told.result.said).toEqual([
      "taken for NFN's Siren: ω₀ = 10 in every sine, 0.25 added to the output, which is in the last bias now",
    ]);
    expect(told.records.get('randinit_test_1')!.architecture).toBe('siren-2-8x1-3-omega10');
    const named = await imported('dwsnets', '--architecture', 'siren-2-8x1-1-omega10'); // says the frequency; the 0.5 is added all the same
    expect(named.result.said).toEqual([
      "taken for DWSNets' INR: ω₀ = 10 in every sine, 0.5 added to the output, which is in the last bias now",
    ]);
    const both = await importing(join(zoos, 'dwsnets'), at('none'), '--architecture', 'siren-2-8x1-1-omega10', '--omega', '20');
    expect(both.stderr).toMatch(/expected --omega and --architecture to say the same, got 20 and siren-2-8x1-1-omega10, whose ω₀ is 10/);
    expect((await importing(join(zoos, 'nfn-sine'), at('none'))).stderr).toMatch(/UNSUPPORTED: .*a sine behind net\.2/);
    expect((await importing(join(zoos, 'files'), at('none'), '--architecture', LENET, '--omega', '3')).stderr).toMatch(/only for SIRENs/);
  });
  it("reads folders of Hugging Face's, and says their license", async () => {
    const { result, records, store } = await imported('hugging-face', '--architecture', LENET);
    expect(result).toMatchObject({ layout: 'hugging-face', said: ['the cards say: license mit'] });
    expect(records.get('digits-1')).toMatchObject({ epochs: 5 });
    for (const i of [0, 1]) await expectSame(store, `digits-${i}`, `hf-${i}`);
    expect((await importing(join(zoos, 'hugging-face-split'), at('none'), '--architecture', LENET)).stderr).toMatch(
      /weights in several files; save them as one/,
    );
  });
  it('refuses what it cannot follow', async () => {
    const refused = async (message: RegExp, source: string, ...more: readonly string[]) =>
      expect((await importing(source, at('none'), ...more)).stderr).toMatch(message);
    await refused(/--name and --probe with one file/, zoos, '--name', 'a');
    await refused(/none that 'x\*' fits/, join(zoos, 'files'), '--names', 'x*');
    await refused(/with one to eight \*/, join(zoos, 'files'), '--names', 'a.pt');
    await refused(/to name networks of .*, got none of them/, join(zoos, 'ray'), '--layout', 'files', '--names', '*/*/checkpoints', '--metrics', join(zoos, 'files/metrics.csv')); // prettier-ignore
    await refused(/expected --omega with one folder, got files/, join(zoos, 'files/a.pt'), '--architecture', LENET, '--omega', '3');
    await refused(/expected --architecture with files/, join(zoos, 'files/a.pt'));
  });
});
