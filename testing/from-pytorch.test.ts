import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { instanceFromCheckpoint, readPyTorchCheckpoint, readSafetensors } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import { architecturesIn, fileHandler, loadMnist, openZooFolder } from '@netspace/node';
import { architectureFromOnnx, instanceFromOnnx } from '@netspace/onnx';
import { disposeInstances, type Instance } from '@netspace/prep';
import { accuracy, imageBatch } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readEmbeddings, writeEmbeddings } from '../packages/node/src/cli/files/embedding-file.js';
import { runCli } from '../packages/node/src/cli/run-cli.js';
import { pythonWith } from './python.js';

const python = pythonWith('torchvision');
/** Whether what is written as ONNX is also run by somebody else's program. */
const hasOnnxruntime = python !== undefined && python === pythonWith('onnxruntime');
const programs = fileURLToPath(new URL('../examples/from-pytorch', import.meta.url));
const NETWORKS = 3;
let folder = '';
const at = (...names: readonly string[]): string => join(folder, ...names);

/** Runs a program of the example, from a folder without it, on one core: on a busy machine PyTorch's threads wait for each other. */
function run(program: string, ...more: readonly string[]): string {
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const { status, stdout, stderr } = spawnSync(python!, [join(programs, program), ...more], { encoding: 'utf8', cwd: folder, env });
  expect(status, stderr).toBe(0);
  return stdout;
}

async function netspace(...command: readonly string[]): Promise<unknown> {
  let [stdout, stderr] = ['', ''];
  const all = [...command, '--runtime', 'wasm', '--json', '--quiet'];
  const code = await runCli(all, { writeOut: (text) => void (stdout += text), writeErr: (text) => void (stderr += text) });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

interface Checked {
  readonly accuracy: number;
  readonly logits: readonly (readonly number[])[];
}

describe.skipIf(python === undefined)('examples/from-pytorch', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netspace-from-pytorch-'));
    process.argv[2] = at('zoo');
    await import('../examples/from-pytorch/digits.js');
    run('train.py', at('zoo'), String(NETWORKS), '120');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('imports what PyTorch trained, and computes the same', async () => {
    const { added } = (await netspace('zoo', 'import', at('zoo/networks'), '--architecture', at('zoo/net.onnx'), '--metrics', at('zoo/metrics.csv'), '--out', at('our-zoo'))) as { added: number }; // prettier-ignore
    expect(added).toBe(NETWORKS);
    const store = await openZooFolder(at('our-zoo'));
    expect(await store.verify()).toEqual([]);
    const theirs = JSON.parse(run('check.py', at('zoo'), at('zoo/networks'))) as Readonly<Record<string, Checked>>;
    for (const { name, metrics } of await store.list()) {
      const { record: _, ...instance } = await store.load(name);
      await expectSame(instance, theirs[name]!);
      expect(metrics['testAccuracy']).toBeCloseTo(theirs[name]!.accuracy, 6);
      expect(theirs[name]!.accuracy).toBeGreaterThan(0.5);
      disposeInstances([instance]);
    }
  });

  it('learns a space, from a zoo that was moved and without the ONNX file, and decodes into networks that PyTorch measures alike', async () => {
    await rename(at('our-zoo'), at('moved'));
    await cp(at('zoo/net.onnx'), at('kept.onnx'));
    await rm(at('zoo/net.onnx'));
    const { proposal } = (await netspace('train', '--zoo', at('moved'), '--steps', '8', '--out', at('none'))) as { proposal: { data: string; task: { kind: string } } }; // prettier-ignore
    expect(proposal).toMatchObject({ data: 'mnist', task: { kind: 'classification' } });
    const config = { ...proposal, space: { preset: 'tiny', start: 'instances', units: 'zoo' }, holdOut: {}, augment: undefined, batch: { nets: 2, inputs: 32 } }; // prettier-ignore
    await writeFile(at('space.json'), JSON.stringify(config));
    await netspace('train', at('space.json'), '--out', at('space'));
    await rename(at('space'), at('moved-space'));
    const evaluated = (await netspace('evaluate', '--space', at('moved-space'), '--zoo', at('moved'), '--data', 'mnist')) as {
      instances: readonly { name: string; predictedAccuracy: number; targetAccuracy: number }[];
    };
    await netspace('encode', '--space', at('moved-space'), '--zoo', at('moved'), '--out', at('embeddings.safetensors'));
    const find = await architecturesIn(at('moved-space'));
    const space = await NetSpace.load(fileHandler(at('moved-space')), { architectures: (name) => find(name) });
    const ours = new Map(evaluated.instances.map(({ name, predictedAccuracy }) => [name, predictedAccuracy]));
    for (const [name, measured] of await withFarPlaces(space, at('embeddings.safetensors'))) ours.set(name, measured);

    for (const format of ['pt', 'safetensors', 'onnx']) {
      await netspace('decode', at('embeddings.safetensors'), '--space', at('moved-space'), '--format', format, '--out', at(format));
    }
    const theirs = JSON.parse(run('check.py', at('zoo'), at('pt'))) as Readonly<Record<string, Checked>>;
    expect(Object.keys(theirs).sort()).toEqual([...ours.keys()].sort());
    for (const [name, measured] of ours) expect(theirs[name]!.accuracy, name).toBeCloseTo(measured, 6);
    expect(new Set(ours.values()).size).toBeGreaterThan(3); // networks that differ
    if (hasOnnxruntime) {
      const told = JSON.parse(run('check.py', at('zoo'), at('onnx'))) as Readonly<Record<string, Checked>>;
      for (const [name, { accuracy }] of Object.entries(theirs)) expect(told[name]!.accuracy, name).toBeCloseTo(accuracy, 6);
    }
    const [architecture] = space.architectures;
    const original = architectureFromOnnx(await readFile(at('kept.onnx')));
    for (const name of Object.keys(theirs)) {
      const bytes = await readFile(at('pt', `${name}.pt`));
      const decoded = instanceFromCheckpoint(architecture!, bytes);
      await expectSame(decoded, theirs[name]!);
      const written = instanceFromOnnx(original, await readFile(at('onnx', `${name}.onnx`)));
      await expectSame(written, theirs[name]!);
      expect([...readSafetensors(await readFile(at('safetensors', `${name}.safetensors`))).tensors]).toEqual([
        ...readPyTorchCheckpoint(bytes),
      ]);
      disposeInstances([decoded, written]);
    }
    space.dispose();
    expect((await readdir(at('moved-space', 'architectures'))).length).toBe(1);
  });
});

/**
 * Adds places far from all networks to a file of embeddings. After so few steps those of the networks decode to almost the same one.
 *
 * @returns the accuracies of their networks, by names
 */
async function withFarPlaces(space: NetSpace, file: string): Promise<ReadonlyMap<string, number>> {
  const { names, embeddings } = await readEmbeddings(file);
  const scales = [30, 100, 300, 1000];
  const far = tf.concat(
    scales.map((scale, i) => tf.randomNormal([1, space.config.embeddingSize], 0, scale, 'float32', i + 1)),
  ) as tf.Tensor2D;
  const added = scales.map((scale) => `far-${scale}`);
  await writeEmbeddings(file, { names: [...names, ...added], embeddings: tf.concat([embeddings, far]) }, space);
  const networks = await space.instantiate(far);
  const { test } = await loadMnist();
  const measured = new Map<string, number>();
  for (const [i, network] of networks.entries()) measured.set(added[i]!, await accuracy(network, test));
  disposeInstances(networks);
  return measured;
}

/** Compares logits of the first test images, to 1e-5 of their size. */
async function expectSame({ architecture, parameters }: Instance, { logits }: Checked): Promise<void> {
  const { test } = await loadMnist();
  const { images, labels } = imageBatch(test, [0, 1, 2, 3]);
  const got = architecture.apply(parameters, images).dataSync();
  const wanted = logits.flat();
  const size = Math.max(1, ...wanted.map(Math.abs));
  expect(Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!))) / size).toBeLessThan(1e-5);
  tf.dispose([images, labels]);
}
