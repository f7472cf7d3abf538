import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { instanceToRawTensors, type RawTensor, rawToFloat32, readSafetensors, writeSafetensors } from '@netspace/formats';
import { architectureFromOnnx, instanceFromOnnx, writeOnnx } from '@netspace/onnx';
import { fixtureBytes } from '@netspace/testing/onnx-fixtures';
import { type Architecture, disposeInstances, type Instance } from '@netspace/prep';
import { architectureByName, createTensorDataset, initialize, type StoredInstance } from '@netspace/zoo';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openZooFolder } from '../architectures/open-zoo-folder.js';
import { zooOnnx } from './files/zoo-onnx.js';
import { nextStep } from './next-steps.js';
import { fails, succeeds } from './testing/command-here.js';
import { otherInputs } from './training/other-inputs.js';

let folder = '';
const at = (...names: readonly string[]): string => join(folder, ...names);

const json = (name: string, value: unknown): Promise<void> => writeFile(at(name), JSON.stringify(value));
/** Of spaces that learn next to nothing, soon. */
const space = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
type Rows = readonly Readonly<Record<string, number>>[];
const rowsOf = (result: Readonly<Record<string, unknown>>, key = 'instances'): Rows => result[key] as Rows;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-tensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Rows of a table, a, b and c = a·b + a, each half of them held in one file. */
const table = (from: number, count: number) =>
  Array.from({ length: count }, (_, k) => {
    const [a, b] = [((from + k) % 9) / 9 - 0.5, (((from + k) * 5) % 11) / 11 - 0.5];
    return [a, b, a * b + a] as const;
  });

/** What a SIREN of two inputs and one hidden layer gives, in double precision: `W₂ sin(30 (W₁ x + b₁)) + b₂`. */
function sirenAt(tensors: ReadonlyMap<string, RawTensor>, points: readonly (readonly number[])[]): number[] {
  const [weight, bias, last, shift] = ['mlp.0.weight', 'mlp.0.bias', 'mlp.2.weight', 'mlp.2.bias'].map((name) => rawToFloat32(tensors.get(name)!)); // prettier-ignore
  const unit = (h: number, [a, b]: readonly number[]) => Math.sin(30 * (weight![2 * h]! * a! + weight![2 * h + 1]! * b! + bias![h]!));
  return points.map((point) => last!.reduce((sum, factor, h) => sum + factor * unit(h, point), shift![0]!));
}
const meanSquare = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length;

describe('networks that give the numbers of a table', () => {
  const test = table(60, 24);
  const numbers = test.map(([, , c]) => c);
  const architecture = 'siren-2-6x0-1';

  it('are trained, become a space, and are measured as a formula measures them', async () => {
    const text = (rows: ReturnType<typeof table>): string => ['a,b,c', ...rows.map((row) => row.join())].join('\n');
    await writeFile(at('train.csv'), text(table(0, 60)));
    await writeFile(at('test.csv'), text(test));
    const optimizer = { kind: 'adam', learningRate: 2e-3 };
    const group = { architecture, seeds: 4, lengths: [30], unit: 'steps', batchSize: 20, optimizer, scheme: 'siren' };
    const data = './{split}.csv#targets=c';
    await json('recipe.json', { task: 'regression', data, groups: [group] });
    await json('none.json', { data, groups: [group] });
    await fails(/expected labels in train\.csv for classifiers, got none; .* task 'regression'/, 'zoo', 'build', at('none.json'), '--out', at('no')); // prettier-ignore
    const { instances } = await succeeds('zoo', 'build', at('recipe.json'), '--out', at('zoo'));
    const record = (instances as readonly { name: string; metrics: Readonly<Record<string, number>> }[])[0]!;
    await json('space.json', { zoo: at('zoo'), data, task: { kind: 'regression' }, space, steps: 3, holdOut: { seeds: [3] }, batch: { nets: 3, inputs: 20 } }); // prettier-ignore
    await succeeds('train', at('space.json'), '--out', at('space'));
    const places = ['--space', at('space'), '--zoo', at('zoo')];
    await fails(
      /expected --data for networks that give numbers, got none; name one, such as test\.npz or .*; the space was trained with --data /,
      'evaluate',
      ...places,
    );
    await fails(/expected d among a \[24\], b \[24\], c \[24\] of test\.csv/, 'evaluate', ...places, '--data', at('test.csv#targets=d'));
    await fails(/expected x as \[batch, 2\], got \[24,1\]/, 'evaluate', ...places, '--data', at('test.csv#inputs=a#targets=c'));
    const data2 = at('{split}.csv#targets=c');
    const evaluation = await succeeds('evaluate', ...places, '--data', data2);
    expect(evaluation).toMatchObject({
      task: 'regression',
      heldOut: { count: 1 },
      verdict: { of: 'held out', figures: [{ label: 'R²' }] },
    });
    const row = rowsOf(evaluation)[0]!;
    // A network of another zoo is none that was held out, whatever it is called.
    const namesake = { architecture: architectureByName(architecture), parameters: initialize(architectureByName(architecture).parameters, { seed: 9 }) }; // prettier-ignore
    await (
      await openZooFolder(at('namesakes'))
    ).add({ name: `${architecture}-s3-n30`, instance: namesake, epochs: 0, seed: 3, metrics: {} });
    disposeInstances([namesake]);
    expect(await succeeds('evaluate', '--space', at('space'), '--zoo', at('namesakes'), '--data', data2)).not.toHaveProperty('heldOut');
    const ends = ['--from', record.name, '--to', record.name, '--steps', '2', '--out', at('ends')];
    const walk = rowsOf(await succeeds('interpolate', ...places, ...ends, '--data', data2), 'stops');
    // The same of the networks themselves, by the formula.
    const { record: _, ...known } = await (await openZooFolder(at('zoo'))).load(record.name);
    const target = sirenAt(await instanceToRawTensors(known), test);
    const predicted = sirenAt(readSafetensors(await readFile(at('ends', `${record.name}--${record.name}-0.safetensors`))).tensors, test);
    const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
    const spread = meanSquare(target, Array<number>(target.length).fill(mean));
    expect(row['mse']! / meanSquare(predicted, target)).toBeCloseTo(1, 4);
    expect(row['r2']! / (1 - meanSquare(predicted, target) / spread)).toBeCloseTo(1, 4);
    expect(row['predictedMse']! / meanSquare(predicted, numbers)).toBeCloseTo(1, 4);
    expect(row['targetMse']! / meanSquare(target, numbers)).toBeCloseTo(1, 4);
    expect(record.metrics['testMse']! / meanSquare(target, numbers)).toBeCloseTo(1, 4);
    expect(walk[0]!['mse']! / meanSquare(predicted, numbers)).toBeCloseTo(1, 4);
    expect(walk[0]!['weightAverageMse']! / meanSquare(target, numbers)).toBeCloseTo(1, 4);
    expect(walk[0]!['alignedAverageMse']! / meanSquare(target, numbers)).toBeCloseTo(1, 4);
    // A copy with its units in the other order: aligned, the average of both is the network itself.
    const [first, bias, last, shift] = known.parameters as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const turned = {
      architecture: known.architecture,
      parameters: [tf.reverse(first, 1), tf.reverse(bias, 0), tf.reverse(last, 0), shift],
    };
    const pair = await openZooFolder(at('pair'));
    for (const [name, instance] of [['one', known], ['turned', turned]] as const) await pair.add({ name, instance, epochs: 0, seed: 0, metrics: {} }); // prettier-ignore
    const between = rowsOf(await succeeds('interpolate', '--space', at('space'), '--zoo', at('pair'), '--from', 'one', '--to', 'turned', '--steps', '3', '--data', data2), 'stops')[1]!; // prettier-ignore
    expect(between['alignedAverageMse']! / meanSquare(target, numbers)).toBeCloseTo(1, 4);
    expect(Math.abs(between['weightAverageMse']! / meanSquare(target, numbers) - 1)).toBeGreaterThan(0.01);
    const [start, teacher] = (instances as readonly { name: string }[]).map(({ name }) => name);
    const found = await succeeds('optimize', ...places, '--start', start!, '--teacher', teacher!, '--data', data2, '--images', '20', '--steps', '12', '--out', at('found')); // prettier-ignore
    expect(found['after']).toBeLessThan(found['before'] as number);
    await succeeds('export', at('space'), '--zoo', at('zoo'), '--data', data2, '--out', at('page'));
    const manifest = JSON.parse(await readFile(at('page', 'explorer.json'), 'utf8')) as {
      kind: string;
      networks: readonly { metrics: object }[];
    };
    expect(manifest).toMatchObject({ kind: 'other' });
    expect(manifest.networks[0]!.metrics).toHaveProperty('r2');
    const report = await succeeds('report', at('space'), '--zoo', at('zoo'), '--data', data2, '--out', at('report.html'));
    expect(report).toMatchObject({ task: 'regression', summary: evaluation['summary'] });
    const after = await nextStep('report', { args: [at('space')], options: { zoo: 'zoo', data: 'd.npz' } });
    expect(after).toMatch(/explore .* --zoo zoo --data d\.npz {3}#/); // no --sample, which takes images alone
    const words = await readFile(at('report.html'), 'utf8');
    expect(words).toContain((evaluation['heldOut'] as { meanR2: number }).meanR2.toFixed(2)); // of the held-out network, at the top
    for (const { name } of rowsOf(evaluation) as unknown as readonly { name: string }[]) expect(words).toContain(name);
    expect(await succeeds('report', at('zoo'), '--out', at('report-zoo.html'))).toMatchObject({ networks: 4 });
  });
});

describe('networks of three columns and one number', () => {
  it('are measured on their table, though distance functions have this architecture; shapes take no data', async () => {
    const rows = table(0, 12).map(([a, b, c]) => [a, b, a - b, c].join());
    await writeFile(at('three.csv'), ['a,b,c,price', ...rows].join('\n'));
    const data = './three.csv#targets=price';
    await json('three.json', { task: 'regression', data, groups: [{ architecture: 'siren-3-4x0-1', seeds: 2, lengths: [1], unit: 'steps', batchSize: 4 }] }); // prettier-ignore
    await succeeds('zoo', 'build', at('three.json'), '--out', at('three'));
    await json('of-three.json', { zoo: at('three'), data, task: { kind: 'regression' }, space, steps: 1, batch: { nets: 2, inputs: 4 } });
    await succeeds('train', at('of-three.json'), '--out', at('three-space'));
    const call = ['evaluate', '--space', at('three-space'), '--zoo', at('three')];
    expect(await succeeds(...call, '--data', at('three.csv#targets=price'))).toMatchObject({ task: 'regression' });
    const page = ['report', at('three-space'), '--zoo', at('three'), '--out', at('three.html')];
    await fails(/expected --data beside --zoo/, ...page); // no report on shapes
    await rm(at('three-space', 'run.json')); // nothing says that they are no shapes
    await fails(/expected no --data for networks of shapes/, ...call, '--data', at('three.csv#targets=price'));
  });
});

describe('an architecture of ONNX on images of floating-point numbers', () => {
  it('is trained, distilled and measured on an npz file, whose axes are named', async () => {
    await writeFile(at('mlp.onnx'), fixtureBytes('mlp.new.onnx'));
    await copyFile(new URL('../../fixtures/images.npz', import.meta.url), at('images.npz'));
    const group = { architecture: './mlp.onnx', seeds: 2, lengths: [4], unit: 'steps', batchSize: 16 };
    await json('wrong.json', { data: './images.npz#classes=10', groups: [group] });
    await fails(/expected \[N, 8, 8, 1\] .* got \[N, 1, 8, 8\] .* layout channels-first/, 'zoo', 'build', at('wrong.json'), '--out', at('no')); // prettier-ignore
    const data = './images.npz#classes=10#layout=channels-first';
    await json('images.json', { data, groups: [group] });
    await succeeds('zoo', 'build', at('images.json'), '--out', at('images'));
    await json('of-images.json', { zoo: at('images'), data, space, steps: 2, batch: { nets: 2, inputs: 8 } });
    await succeeds('train', at('of-images.json'), '--out', at('digits'));
    const places = ['--space', at('digits'), '--zoo', at('images')];
    const evaluation = await succeeds('evaluate', ...places, '--data', at(data.slice(2)), '--refine', '3');
    const { instances } = await succeeds('zoo', 'list', at('images'));
    const recorded = (instances as readonly { metrics: Readonly<Record<string, number>> }[]).map(({ metrics }) => metrics['testAccuracy']);
    expect(rowsOf(evaluation).map((row) => row['targetAccuracy'])).toEqual(recorded);
    const report = await succeeds('report', at('digits'), '--zoo', at('images'), '--data', at(data.slice(2)), '--out', at('digits.html'));
    expect(report).toMatchObject({ summary: evaluation['summary'] });
  });
});

describe('otherInputs', () => {
  it('warns of inputs on which the best network is right far less often than its zoo says', async () => {
    const architecture: Architecture = { name: 'same', parameters: [], apply: (_, x) => (x as tf.Tensor).clone() };
    const entry = { name: 'net', instance: { architecture, parameters: [] }, record: { name: 'net', architecture: 'same', metrics: { testAccuracy: 0.9 } } }; // prettier-ignore
    const inputs = Float32Array.of(1, 0, 0, 1); // logits of their own classes
    const dataset = (sign: number) =>
      createTensorDataset({ name: 'two', inputs: inputs.map((x) => sign * x), shape: [2], labels: Uint8Array.of(0, 1), classes: 2 });
    const warning = (sign: number) => otherInputs([entry as unknown as StoredInstance], dataset(sign));
    expect(await warning(1)).toBeUndefined();
    expect(await warning(-1)).toMatch(/net has testAccuracy 90 % in the zoo, but is right on 0 % of 2 inputs of two;/);
  });
});

describe('a folder of pictures', () => {
  it('becomes a zoo of one network each, whose colors are those of the picture', async () => {
    await mkdir(at('pictures'));
    const half = { width: 8, height: 8, channels: 3 } as const;
    // Red on the left, green on the right; blue.
    const two = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i % 3 === (Math.floor(i / 3) % 8 < 4 ? 0 : 1) ? 255 : 0));
    await sharp(two, { raw: half }).png().toFile(at('pictures', 'two halves.png'));
    await sharp({ create: { ...half, background: { r: 0, g: 0, b: 255 } } })
      .png()
      .toFile(at('pictures', 'blue.png'));
    const fit = { kind: 'fields', architecture: 'siren-2-16x1-3', size: 8, steps: 60, learningRate: 3e-3 };
    await json('fields.json', { ...fit, fields: at('pictures') });
    expect(await succeeds('zoo', 'build', at('fields.json'), '--out', at('fields-zoo'))).toMatchObject({ added: 2 });
    const store = await openZooFolder(at('fields-zoo'));
    const records = await store.list();
    expect(records.map((record) => record.name)).toEqual(['blue', 'two-halves']);
    for (const { metrics } of records) expect(metrics['mse']).toBeLessThan(0.02);
    const { architecture, parameters } = await store.load('two-halves');
    const [left, right] = (await architecture.apply(parameters, tf.tensor2d([[-1, -1], [1, 1]])).array()) as number[][]; // prettier-ignore
    expect([left![0]! > 0.7, left![1]! < 0.3, right![0]! < 0.3, right![1]! > 0.7]).toEqual([true, true, true, true]);
    await writeFile(at('pictures', 'none.png'), 'none');
    await fails(/expected a picture at .*none\.png, got something that cannot be decoded/, 'zoo', 'build', at('fields.json'), '--out', at('no')); // prettier-ignore
    await mkdir(at('empty'));
    await fails(/expected pictures \(\.png, \.jpg, \.webp\) or tensors .*got none/, 'zoo', 'build', at('fields.json'), '--data', at('empty'), '--out', at('no')); // prettier-ignore
    await json('nothing.json', { kind: 'fields' });
    await fails(/expected fields in the recipe or --data, got neither/, 'zoo', 'build', at('nothing.json'), '--out', at('no'));
  });
});

describe('networks of coordinates', () => {
  const names = ['a', 'b', 'c'];
  const networksOf = async (architecture: string, purpose: string): Promise<void> => {
    const known = architectureByName(architecture);
    for (const [seed, name] of names.entries()) {
      const instance = { architecture: known, parameters: initialize(known.parameters, { seed, scheme: 'siren' }) };
      await writeFile(at(purpose, `${name}.onnx`), await zooOnnx(instance));
      disposeInstances([instance]);
    }
    await succeeds(
      'zoo',
      'import',
      at(purpose),
      '--architecture',
      at(purpose, 'a.onnx'),
      '--purpose',
      purpose,
      '--out',
      at(`${purpose}-zoo`),
    );
  };

  it.each([
    ['siren-2-6x0-3', 'rgb'],
    ['siren-3-6x0-1', 'occupancy'],
  ])('%s are learned as %s without data', async (architecture, purpose) => {
    await mkdir(at(purpose));
    await networksOf(architecture, purpose);
    await json(`${purpose}.json`, { zoo: at(`${purpose}-zoo`), task: { kind: purpose }, space, steps: 2, batch: { nets: 2, inputs: 32 } }); // prettier-ignore
    await succeeds('train', at(`${purpose}.json`), '--out', at(`${purpose}-space`));
    const places = ['--space', at(`${purpose}-space`), '--zoo', at(`${purpose}-zoo`)];
    const evaluation = await succeeds('evaluate', ...places, '--limit', '2000', ...(purpose === 'rgb' ? ['--refine', '2'] : []));
    expect(evaluation['task']).toBe(purpose);
    for (const row of rowsOf(evaluation)) {
      if (purpose === 'rgb') expect(row['psnr']).toBeCloseTo(-10 * Math.log10(row['mse']!), 6);
      else expect(row['iou']).toSatisfy((iou: number) => iou >= 0 && iou <= 1);
    }
    const report = ['report', at(`${purpose}-space`), '--out', at(`${purpose}.html`), '--limit', '2000'];
    const [{ summary: plain }, alone] = [await succeeds(...report, '--zoo', at(`${purpose}-zoo`)), await succeeds(...report)];
    expect(plain).toEqual(evaluation['summary']);
    expect(alone['remarks']).toEqual([expect.stringMatching(/Nothing was measured: .* --zoo ZOO compares/)]);
    await fails(/expected task .* which is for that, got regression/, 'evaluate', ...places, '--task', 'regression');
    if (purpose === 'rgb')
      await succeeds('optimize', ...places, '--start', 'a', '--teacher', 'b', '--steps', '2', '--out', at('rgb-found'));
  });
});

describe('networks of several inputs and outputs', () => {
  it('are trained on, and measured with, a tensor for each input, as applyNamed measures them', async () => {
    const file = fixtureBytes('two-heads.old.onnx'); // an image and a token give three logits and four numbers
    const architecture = architectureFromOnnx(file);
    await mkdir(at('heads'));
    for (const factor of [0.7, 1, 1.3]) {
      const one = instanceFromOnnx(architecture, file);
      const parameters = one.parameters.map((tensor) => tf.mul(tensor, factor));
      await writeFile(at('heads', `net-${factor}.onnx`), await writeOnnx({ architecture, parameters }));
      tf.dispose([...one.parameters, ...parameters]);
    }
    const [images, tokens] = [30, 30].map((count, i) => Array.from({ length: i === 0 ? 64 * count : count }, (_, k) => (i === 0 ? Math.sin(0.7 * k) : k % 5))); // prettier-ignore
    const targets = Array.from({ length: 4 * 30 }, (_, k) => Math.cos(k));
    const tensors = new Map<string, RawTensor>([
      ['input0', { dtype: 'F32', shape: [30, 1, 8, 8], data: Float32Array.from(images!) }],
      ['input1', { dtype: 'I64', shape: [30], data: BigInt64Array.from(tokens!.map(BigInt)) }],
      ['size', { dtype: 'F32', shape: [30, 4], data: Float32Array.from(targets) }],
    ]);
    await writeFile(at('heads.safetensors'), writeSafetensors(tensors));
    await succeeds('zoo', 'import', at('heads'), '--architecture', at('heads', 'net-1.onnx'), '--out', at('heads-zoo'));
    const data = '#feeds=input1,input0#targets=size#layout=channels-first';
    const task = { kind: 'regression', output: '17' };
    const config = { zoo: at('heads-zoo'), data: `./heads.safetensors${data}`, task, space, steps: 2, batch: { nets: 2, inputs: 10 } };
    await json('one-input.json', { ...config, data: './heads.safetensors#inputs=input0' });
    await fails(/expected inputs input0, input1 for onnx-\w+, got one input in heads\.safetensors; .* feeds=input0,input1/, 'train', at('one-input.json'), '--out', at('heads-no')); // prettier-ignore
    await json('heads.json', config);
    await succeeds('train', at('heads.json'), '--out', at('heads-space'));
    const places = ['--space', at('heads-space'), '--zoo', at('heads-zoo')];
    const spec = ['--data', at(`heads.safetensors${data}`)];
    const row = rowsOf(await succeeds('evaluate', ...places, ...spec))[0]!;
    const named = { input0: tf.tensor4d(images!, [30, 8, 8, 1]), input1: tf.tensor1d(tokens!, 'int32') }; // of one channel: last is first
    const outputs = ({ parameters }: Pick<Instance, 'parameters'>) => [...architecture.applyNamed!(parameters, named)['17']!.dataSync()];
    const known = await (await openZooFolder(at('heads-zoo'))).load('net-0.7');
    await succeeds('encode', ...places, '--instance', 'net-0.7', '--out', at('heads-one.safetensors'));
    await succeeds('decode', at('heads-one.safetensors'), '--space', at('heads-space'), '--format', 'onnx', '--out', at('heads-out'));
    const predicted = instanceFromOnnx(architecture, await readFile(at('heads-out', 'net-0.7.onnx')));
    expect(row['mse']! / meanSquare(outputs(predicted), outputs(known))).toBeCloseTo(1, 4);
    expect(row['targetMse']! / meanSquare(outputs(known), targets)).toBeCloseTo(1, 4);
    disposeInstances([known, predicted]);
    const walk = ['--from', 'net-0.7', '--to', 'net-1.3', '--steps', '2'];
    expect(rowsOf(await succeeds('interpolate', ...places, ...walk, ...spec), 'stops')[0]!['mse']! / row['predictedMse']!).toBeCloseTo(
      1,
      4,
    );
    const found = await succeeds('optimize', ...places, '--start', 'net-0.7', '--teacher', 'net-1.3', ...spec, '--images', '10', '--steps', '6', '--out', at('heads-found')); // prettier-ignore
    expect(found['after']).toBeLessThan(found['before'] as number);
    const report = await succeeds('report', at('heads-space'), '--zoo', at('heads-zoo'), ...spec, '--out', at('heads.html'));
    expect(report).toMatchObject({ task: 'regression' });
    const drawn = ['--data', 'uniform:input0=8x8x1,input1=1#count=20'];
    await fails(/expected whole numbers for the input input1/, 'evaluate', ...places, ...drawn);
  });
});
