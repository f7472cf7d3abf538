import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { instanceFromCheckpoint, instanceToRawTensors, writePyTorchCheckpoint } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import { architectureFromOnnx, instanceFromOnnx } from '@netspace/onnx';
import { graphFileOf } from '@netspace/onnx/internal';
import { disposeInstances } from '@netspace/prep';
import { fixtureBytes } from '@netspace/testing/onnx-fixtures';
import { architectureByName, initialize } from '@netspace/zoo';
import { layers, type LayersModel, loadLayersModel, sequential } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openZooFolder } from '../architectures/open-zoo-folder.js';
import { fileHandler } from '../files/file-handler.js';
import { writeEmbeddings } from './files/embedding-file.js';
import { zooOnnx } from './files/zoo-onnx.js';
import { fails, run, succeeds } from './testing/command-here.js';

const bytes = fixtureBytes('resnet8.preserve.onnx');
const other = fixtureBytes('mlp.old.onnx');
let folder = '';
const at = (...names: readonly string[]): string => join(folder, ...names);

/** Three networks of the fixture's architecture, as PyTorch saves them. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-onnx-'));
  await mkdir(at('networks'));
  await writeFile(at('net.onnx'), bytes);
  await writeFile(at('mlp.onnx'), other);
  const architecture = architectureFromOnnx(bytes);
  const instance = instanceFromOnnx(architecture, bytes);
  for (const factor of [0.9, 1, 1.1]) {
    const parameters = instance.parameters.map((tensor) => tf.mul(tensor, factor));
    const tensors = await instanceToRawTensors({ architecture, parameters }, { batchNorms: 'separate' });
    await writeFile(at('networks', `net-${factor}.pt`), writePyTorchCheckpoint(tensors));
    tf.dispose(parameters);
  }
  disposeInstances([instance]);
  await succeeds('zoo', 'import', at('networks'), '--architecture', at('net.onnx'), '--out', at('zoo'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('an architecture from an ONNX file', () => {
  it('is called by its graph, which lies in the zoo without weights', async () => {
    const { name, parameters } = architectureFromOnnx(bytes);
    expect(await readdir(at('zoo', 'architectures'))).toEqual([`${name}.onnx`]);
    const kept = await readFile(at('zoo', 'architectures', `${name}.onnx`));
    const weights = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(kept.length).toBeLessThan(bytes.length - 3 * weights);
    const { instances } = (await succeeds('zoo', 'list', at('zoo'))) as { instances: readonly { name: string; architecture: string }[] };
    expect(instances.map((record) => record.architecture)).toEqual([name, name, name]);
    await succeeds('zoo', 'verify', at('zoo'));
  });

  it('goes with a zoo and a space wherever they go, through training, encoding and decoding', async () => {
    await cp(at('zoo'), at('elsewhere'), { recursive: true });
    await rm(at('net.onnx'));
    const config = { zoo: at('elsewhere'), task: { kind: 'weights' }, space: { preset: 'tiny' }, steps: 2, batch: { nets: 2 } };
    await writeFile(at('space.json'), JSON.stringify(config));
    await succeeds('train', at('space.json'), '--out', at('run'));
    await rename(at('run'), at('space'));
    await succeeds('encode', '--space', at('space'), '--zoo', at('elsewhere'), '--out', at('all.safetensors'));
    await writeFile(at('again.onnx'), bytes);
    await succeeds('encode', at('networks', 'net-1.pt'), at('again.onnx'), '--architecture', at('again.onnx'), '--space', at('space'), '--out', at('some.safetensors')); // prettier-ignore
    const architecture = architectureFromOnnx(bytes);
    const decoded: Float32Array[][] = [];
    for (const format of ['safetensors', 'pt', 'onnx']) {
      const chosen = format === 'pt' ? architecture.name : at('again.onnx');
      await succeeds('decode', at('all.safetensors'), '--space', at('space'), '--architecture', chosen, '--format', format, '--out', at(format)); // prettier-ignore
      expect((await readdir(at(format))).sort()).toEqual(['0.9', '1', '1.1'].map((factor) => `net-${factor}.${format}`).sort());
      const written = await readFile(at(format, `net-1.${format}`));
      const instance = format === 'onnx' ? instanceFromOnnx(architecture, written) : instanceFromCheckpoint(architecture, written);
      decoded.push(instance.parameters.map((tensor) => tensor.dataSync<'float32'>()));
      disposeInstances([instance]);
    }
    for (const values of decoded.slice(1)) {
      values.forEach((numbers, i) =>
        expect(Math.max(...numbers.map((value, k) => Math.abs(value - decoded[0]![i]![k]!)))).toBeLessThan(1e-5),
      );
    }
    await succeeds('zoo', 'filter', at('elsewhere'), '--first', '1', '--out', at('first'));
    const store = await openZooFolder(at('first'));
    const [record] = await store.list();
    disposeInstances([await store.load(record!.name)]);
  });

  it('is trained by a recipe, and known to a space, that name its file as seen from theirs', async () => {
    const [first, second] = await Promise.all(['lenet-like-1x28x28-10-w0.1', 'vanilla-cnn-1x28x28-10-w0.1'].map(untrained));
    await mkdir(at('configs'));
    const recipe = { groups: [{ architecture: './first.onnx', seeds: 2, lengths: [1], unit: 'steps', batchSize: 4 }] };
    await writeFile(at('configs', 'recipe.json'), JSON.stringify(recipe));
    const build = ['zoo', 'build', at('configs', 'recipe.json'), '--out', at('built'), '--train-images', '40', '--test-images', '20'];
    await fails(/expected an ONNX file at .*first\.onnx, got none; check the path/, ...build);
    await writeFile(at('configs', 'first.onnx'), first!);
    await writeFile(at('configs', 'second.onnx'), second!);
    expect(await succeeds(...build)).toMatchObject({ added: 2 });
    const init = ['init', 'space', '--zoo', at('built'), '--out', at('proposed.jsonc'), '--data'];
    await fails(/init space: expected \[N, 28, 28, 1\] .* got \[N, 5, 5\]/, ...init, 'normal:5x5');
    await succeeds(...init, at('not-there-yet.npz'));
    const again = await succeeds(...build);
    expect(again).toMatchObject({ added: 0 });
    const inProcesses = await succeeds(...build.map((word) => (word === at('built') ? at('in-processes') : word)), '--concurrency', '2');
    expect(inProcesses).toEqual({ ...again, zoo: at('in-processes'), added: 2 });
    const names = [first!, second!].map((file) => architectureFromOnnx(file).name);
    const config = {
      zoo: at('built'),
      architectures: ['./second.onnx'],
      space: { preset: 'tiny' },
      steps: 2,
      batch: { nets: 2, inputs: 4 },
    };
    await writeFile(at('configs', 'space.json'), JSON.stringify(config));
    await succeeds('train', at('configs', 'space.json'), '--out', at('digits'));
    expect((await readdir(at('digits', 'architectures'))).sort()).toEqual(names.map((name) => `${name}.onnx`).sort());
    await rm(at('configs'), { recursive: true });
    await succeeds('train', '--out', at('digits'), '--resume', '--steps', '3');
    const { instances } = (await succeeds('evaluate', '--space', at('digits'), '--zoo', at('built'), '--data', 'mnist', '--limit', '20')) as { instances: readonly object[] }; // prettier-ignore
    expect(instances).toHaveLength(2);
    await succeeds('export', at('digits'), '--zoo', at('built'), '--data', 'mnist', '--limit', '20', '--out', at('page'));
    for (const part of ['space', 'zoo']) expect(await readdir(at('page', part, 'architectures'))).toContain(`${names[0]!}.onnx`);
    expect(await readFile(at('page', 'README.md'), 'utf8')).toContain('architecturesIn(');
  });

  it('is that of a folder of ONNX files, each of which is a network', async () => {
    await mkdir(at('exported'));
    for (const name of ['a', 'b']) await writeFile(at('exported', `${name}.onnx`), bytes);
    const command = ['zoo', 'import', at('exported'), '--out', at('of-onnx')];
    await fails(/expected --architecture with ONNX files, got none; name one of them/, ...command);
    expect(await succeeds(...command, '--architecture', at('exported', 'a.onnx'))).toMatchObject({ added: 2, problems: [] });
    const store = await openZooFolder(at('of-onnx'));
    const { record: _, ...network } = await store.load('b');
    const own = instanceFromOnnx(architectureFromOnnx(bytes), bytes);
    network.parameters.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(own.parameters[i]!.dataSync()));
    disposeInstances([network, own]);
    await writeFile(at('exported', 'c.onnx'), other);
    const { code, result } = await run(...command, '--architecture', at('exported', 'a.onnx'));
    expect({ code, ...result }).toMatchObject({ code: 1, added: 0, present: 2, problems: [{ place: at('exported', 'c.onnx') }] });
  });

  it('asks for the epsilon of norms that an exporter folded', async () => {
    await writeFile(at('folded.onnx'), fixtureBytes('resnet8.new.onnx'));
    await writeFile(at('resnet8.pt'), fixtureBytes('resnet8.pt'));
    const command = ['zoo', 'import', at('resnet8.pt'), '--architecture', at('folded.onnx'), '--out', at('folded')];
    await fails(/expected the epsilon of 0\.1 .* pass epsilon/, ...command);
    await succeeds(...command, '--epsilon', '1e-5');
  });

  it('is refused where its graph is another, or is gone, or does not fit', async () => {
    await fails(
      /expected 0\.1\.weight of onnx-.* is it another architecture's file/,
      'zoo',
      'import',
      at('networks'),
      '--architecture',
      at('mlp.onnx'),
      '--out',
      at('wrong'),
    );
    await fails(/expected the graph of onnx-0123456789abc in .*, got no such file/, 'zoo', 'import', at('networks'), '--architecture', 'onnx-0123456789abc', '--out', at('wrong')); // prettier-ignore
    await fails(/expected --constants with an ONNX file as --architecture/, 'zoo', 'import', at('networks'), '--architecture', 'siren-3-4x1-1', '--constants', 'x', '--out', at('wrong')); // prettier-ignore
    const { name } = architectureFromOnnx(bytes);
    const graph = ['architectures', `${name}.onnx`] as const;
    await cp(at('zoo'), at('broken'), { recursive: true });
    await writeFile(at('broken', ...graph), graphFileOf(architectureFromOnnx(other))!.bytes);
    await fails(new RegExp(`expected the graph of ${name} in .*, got that of onnx-`), 'encode', '--space', at('space'), '--zoo', at('broken'), '--out', at('x.safetensors')); // prettier-ignore
    await rm(at('broken', ...graph));
    await fails(new RegExp(`expected the graph of ${name} in .*, got no such file; copy it`), 'zoo', 'verify', at('broken'));
  });
});

/** A classifier of digits that ends in a softmax, with a norm behind its convolution, as a program saves it. */
async function savedModel(folder: string, { seed = 0, units = 3 } = {}): Promise<LayersModel> {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: units, kernelSize: 5, strides: 4, name: 'look' }),
      layers.batchNormalization({ name: 'norm' }),
      layers.reLU({ name: 'relu' }),
      layers.globalAveragePooling2d({ name: 'mean' }),
      layers.dense({ units: 10, activation: 'softmax', name: 'digit' }),
    ],
  });
  model.setWeights(model.getWeights().map((tensor, i) => tf.abs(tf.randomNormal(tensor.shape, 0.5, 1, 'float32', 10 * seed + i + 1))));
  await model.save(fileHandler(folder));
  return model;
}

describe('an architecture from the model.json of a tf.LayersModel', () => {
  const x = tf.randomNormal([4, 28, 28, 1], 0, 1, 'float32', 9);

  it('is that of a folder of models, lies in the zoo without weights, and goes through all commands', async () => {
    const models = [await savedModel(at('models', 'a'), { seed: 1 }), await savedModel(at('models', 'b'), { seed: 2 })];
    await fails(/expected --architecture with models of TensorFlow.js, got none; name one of them/, 'zoo', 'import', at('models'), '--out', at('keras-zoo')); // prettier-ignore
    const result = await succeeds('zoo', 'import', at('models'), '--architecture', at('models', 'a'), '--out', at('keras-zoo'));
    expect(result).toMatchObject({ added: 2, problems: [] });
    await fails(/expected new names, got b for .*model\.json/, 'zoo', 'import', at('models', 'b', 'model.json'), '--architecture', at('models', 'a', 'model.json'), '--out', at('keras-zoo')); // prettier-ignore
    const store = await openZooFolder(at('keras-zoo'));
    const records = await store.list();
    const { architecture: name } = records[0]!;
    expect(records.map((record) => [record.name, record.architecture])).toEqual([['a', name], ['b', name]]); // prettier-ignore
    expect(await readdir(at('keras-zoo', 'architectures'))).toEqual([`${name}.json`]);
    for (const [i, model] of models.entries()) {
      const { architecture, parameters } = await store.load(records[i]!.name);
      const [mine, theirs] = [tf.softmax(architecture.apply(parameters, x)), model.predict(x) as tf.Tensor].map((one) => one.dataSync<'float32'>()); // prettier-ignore
      expect(Math.max(...mine!.map((value, k) => Math.abs(value - theirs![k]!)))).toBeLessThan(1e-5);
    }
    await rm(at('models'), { recursive: true });
    await rename(at('keras-zoo'), at('moved'));
    const data = ['--data', 'mnist', '--limit', '20'];
    const config = { zoo: at('moved'), data: 'mnist', space: { preset: 'tiny' }, steps: 2, batch: { nets: 2, inputs: 4 } };
    await writeFile(at('keras.json'), JSON.stringify(config));
    await succeeds('train', at('keras.json'), '--out', at('keras-space'));
    expect(await readdir(at('keras-space', 'architectures'))).toEqual([`${name}.json`]);
    const places = ['--space', at('keras-space'), '--zoo', at('moved')];
    expect(await succeeds('evaluate', ...places, ...data)).toMatchObject({ summary: { count: 2 } });
    expect(await succeeds('interpolate', ...places, '--from', 'a', '--to', 'b', '--steps', '2', ...data)).toMatchObject({
      stops: [{}, {}],
    });
    await succeeds('optimize', ...places, '--start', 'a', '--teacher', 'b', '--data', 'mnist', '--steps', '1', '--images', '4', '--limit', '20', '--out', at('found')); // prettier-ignore
    await succeeds('export', at('keras-space'), '--zoo', at('moved'), ...data, '--out', at('keras-page'));
    for (const part of ['space', 'zoo']) expect(await readdir(at('keras-page', part, 'architectures'))).toEqual([`${name}.json`]);
    await succeeds('encode', ...places, '--out', at('keras.safetensors'));
    await cp(at('keras-space'), at('by-program'), { recursive: true });
    await rm(at('by-program', 'architectures'), { recursive: true }); // NetSpace.save writes no layers: those of the zoo are taken
    expect(await succeeds('evaluate', '--space', at('by-program'), '--zoo', at('moved'), ...data)).toMatchObject({ summary: { count: 2 } });
    await fails(/expected the layers of layers-model-\w+ in .*by-program.architectures.*, got no such file; copy it from the zoo/, 'decode', at('keras.safetensors'), '--space', at('by-program'), '--out', at('no')); // prettier-ignore
    for (const format of ['tfjs', 'safetensors']) await succeeds('decode', at('keras.safetensors'), '--space', at('keras-space'), '--format', format, '--out', at(`keras-${format}`)); // prettier-ignore
    const { architecture } = await (await openZooFolder(at('moved'))).load('a');
    const written = await loadLayersModel(tf.io.fromMemory(await fileHandler(at('keras-tfjs', 'a')).load!()));
    const plain = instanceFromCheckpoint(architecture, await readFile(at('keras-safetensors', 'a.safetensors')));
    const [theirs, mine] = [written.predict(x) as tf.Tensor, tf.softmax(architecture.apply(plain.parameters, x))];
    expect(tf.max(tf.abs(tf.sub(theirs, mine))).dataSync()[0]).toBeLessThan(1e-6);
    await fails(/that layers-model-\w+ has \(safetensors, pt, tfjs\), got onnx; take tfjs, and convert it/, 'decode', at('keras.safetensors'), '--space', at('keras-space'), '--format', 'onnx', '--out', at('no')); // prettier-ignore
    await succeeds('zoo', 'filter', at('moved'), '--first', '1', '--out', at('one-of-two'));
    expect(await readdir(at('one-of-two', 'architectures'))).toEqual([`${name}.json`]);
    await succeeds('zoo', 'verify', at('moved'));
  });

  it('is trained by a recipe, and known to a space, that name its file as seen from theirs, without its weights', async () => {
    for (const units of [3, 4]) {
      await savedModel(at('keras-configs', `${units}`), { units });
      const names = await readdir(at('keras-configs', `${units}`));
      for (const name of names.filter((file) => file.endsWith('.bin'))) await rm(at('keras-configs', `${units}`, name));
    }
    const json = JSON.parse(await readFile(at('keras-configs', '3', 'model.json'), 'utf8')) as object;
    await writeFile(at('keras-configs', '3', 'model.json'), JSON.stringify({ ...json, weightsManifest: [] }));
    const recipe = { groups: [{ architecture: './3/model.json', seeds: 2, lengths: [1], unit: 'steps', batchSize: 4 }] };
    await writeFile(at('keras-configs', 'recipe.json'), JSON.stringify(recipe));
    const build = ['zoo', 'build', at('keras-configs', 'recipe.json'), '--out', at('keras-built'), '--train-images', '40', '--test-images', '20']; // prettier-ignore
    expect(await succeeds(...build)).toMatchObject({ added: 2 });
    const config = { zoo: at('keras-built'), architectures: ['./4'], space: { preset: 'tiny' }, steps: 1, batch: { nets: 2, inputs: 4 } };
    await writeFile(at('keras-configs', 'space.json'), JSON.stringify(config));
    await succeeds('train', at('keras-configs', 'space.json'), '--out', at('of-two'));
    expect(await readdir(at('of-two', 'architectures'))).toHaveLength(2);
    const [first] = await readdir(at('keras-built', 'architectures'));
    await fails(/expected a saved space at .*weights-\w+\.bin, got no such file/, 'zoo', 'import', at('keras-configs', '4'), '--architecture', at('keras-configs', '4'), '--out', at('no')); // prettier-ignore
    await fails(/expected a tf\.LayersModel with its weights, got: .*weights are not set/, 'zoo', 'import', at('keras-configs', '3'), '--architecture', at('keras-configs', '3'), '--out', at('no')); // prettier-ignore
    await fails(/expected a tf\.LayersModel at .*nothing.model\.json, got none; check the path/, 'zoo', 'import', at('keras-configs', '3'), '--architecture', at('nothing'), '--out', at('no')); // prettier-ignore
    await fails(/expected --constants with an ONNX file as --architecture/, 'zoo', 'import', at('networks'), '--architecture', at('keras-configs', '3'), '--constants', 'x', '--out', at('no')); // prettier-ignore
    await cp(at('of-two', 'architectures', (await readdir(at('of-two', 'architectures'))).find((file) => file !== first)!), at('keras-built', 'architectures', first!)); // prettier-ignore
    await fails(/expected the graph of layers-model-\w+ in .*, got that of layers-model-/, 'zoo', 'list', at('keras-built'));
  });
});

describe('netspace decode --format', () => {
  it('refuses a format that an architecture has not', async () => {
    const words = /expected a format that siren-3-4x0-1 has \(safetensors, pt, onnx\), got tfjs; Keras has no layer for a sine: take onnx/;
    await fails(words, ...(await decoding('siren-3-4x0-1', 'tfjs', 'none')));
    expect(await readdir(folder)).not.toContain('none');
    const toLayers = ['decode', at('all.safetensors'), '--space', at('space'), '--format', 'tfjs', '--out', at('none')];
    await fails(/that onnx-\w+ has \(safetensors, pt, onnx\), got tfjs; its graph is one of ONNX: take onnx/, ...toLayers);
  });
  it('onnx writes a graph of the layers of an architecture of the zoo', async () => {
    await succeeds(...(await decoding('siren-3-4x0-1', 'onnx', 'siren-onnx')));
    const { inputs, parameters } = architectureFromOnnx(await readFile(at('siren-onnx', 'a.onnx')));
    expect(inputs).toEqual([{ name: 'input', dtype: 'float32', shape: [null, 3] }]);
    expect(parameters.map(({ name }) => name)).toEqual(architectureByName('siren-3-4x0-1').parameters.map(({ name }) => name));
  });
  it('tfjs writes a folder that tf.loadLayersModel reads', async () => {
    await succeeds(...(await decoding('lenet-like-1x16x16-3-w0.1', 'tfjs', 'keras')));
    const json = JSON.parse(await readFile(at('keras', 'a', 'model.json'), 'utf8')) as tf.io.ModelJSON;
    const weights = Uint8Array.from(await readFile(at('keras', 'a', 'weights.bin'))).buffer;
    const artifacts = await tf.io.getModelArtifactsForJSON(json, (manifest) => Promise.resolve([tf.io.getWeightSpecs(manifest), weights]));
    const network = await loadLayersModel(tf.io.fromMemory(artifacts));
    expect((network.predict(tf.zeros([2, 16, 16, 1])) as tf.Tensor).shape).toEqual([2, 3]);
    network.dispose();
  });
});

/** An untrained network of an architecture of the zoo, as an ONNX file. */
async function untrained(name: string): Promise<Uint8Array> {
  const architecture = architectureByName(name);
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
  const file = await zooOnnx(instance);
  disposeInstances([instance]);
  return file;
}

/** The command that decodes an embedding of a space of an architecture of the zoo. */
async function decoding(name: string, format: string, out: string): Promise<readonly string[]> {
  const space = new NetSpace({ architectures: [architectureByName(name)], prepShape: [8, 64], preset: 'tiny' });
  await space.save(fileHandler(at(name)));
  const embeddings = tf.zeros<tf.Rank.R2>([1, space.config.embeddingSize]);
  await writeEmbeddings(at(`${name}.safetensors`), { names: ['a'], embeddings }, space);
  return ['decode', at(`${name}.safetensors`), '--space', at(name), '--format', format, '--out', at(out)];
}
