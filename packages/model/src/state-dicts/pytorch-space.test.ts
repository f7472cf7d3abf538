import '@tensorflow/tfjs';
import '@netspace/kernels/wasm';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type RawTensor, rawToFloat32, readCheckpoint, writePyTorchCheckpoint } from '@netspace/formats';
import { NetSpaceError, unresolvedArchitecture, type Architecture } from '@netspace/prep';
import { expectClose } from '@netspace/testing';
import { pythonWith } from '@netspace/testing/python';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { NetSpace } from '../net-space.js';
import { netSpaceFromStateDicts, type SpaceStateDicts } from './net-space-from-state-dicts.js';
import { stateDictsOf } from './state-dicts-of.js';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const checkpoint = (folder: string, name: string) => readCheckpoint(new Uint8Array(readFileSync(join(folder, `${name}.pt`))));
const spaceIn = (folder: string): SpaceStateDicts => ({ encoder: checkpoint(folder, 'encoder'), decoder: checkpoint(folder, 'decoder') });
const linear = (count: number): Architecture => unresolvedArchitecture(`linear-${count}`, [{ name: 'weight', shape: [count] }]);

/** The class head's order, which is not that of the parameter counts. */
const architectures = [linear(100), linear(50)];

function tensorOf(tensors: ReadonlyMap<string, RawTensor>, name: string): tf.Tensor {
  const raw = tensors.get(name)!;
  return tf.tensor(rawToFloat32(raw), [...raw.shape]);
}

/** Compares with what PyTorch computed. `rows` are the class head's, by the space's ClassId. */
function expectOutputs(
  space: NetSpace,
  outputs: ReadonlyMap<string, RawTensor>,
  { classIds, rows = [0, 1] }: { classIds?: readonly number[]; rows?: readonly number[] } = {},
): void {
  // prettier-ignore
  tf.tidy(() => {
    const [preps, expected] = [tensorOf(outputs, 'preps') as tf.Tensor3D, tensorOf(outputs, 'embeddings') as tf.Tensor2D];
    const ids = classIds ?? Array<number>(preps.shape[0]).fill(0);
    const embeddings = space.encode({ preps, classIds: ids, usedRows: ids.map(() => preps.shape[1]) });
    expectClose(embeddings.dataSync(), expected.dataSync(), 1e-5);
    const decoded = space.decode(expected, { classIds });
    expectClose(decoded.preps.dataSync(), tensorOf(outputs, 'decoded').dataSync(), 1e-5);
    const logits = tf.gather(tensorOf(outputs, 'logits'), tf.tensor1d([...rows], 'int32'), 1);
    expectClose(decoded.classLogits!.dataSync(), logits.dataSync(), 1e-5);
  });
}

function caught(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof NetSpaceError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing';
}

beforeAll(() => tf.setBackend('wasm'));

describe('netSpaceFromStateDicts', () => {
  const folder = join(fixtures, 'pytorch-space');
  const given = spaceIn(folder);
  const others = (part: 'encoder' | 'decoder', change: (tensors: Map<string, RawTensor>) => void): SpaceStateDicts => {
    const tensors = new Map(given[part]);
    change(tensors);
    return { ...given, [part]: tensors };
  };

  it('computes what PyTorch computes, with the class head in the order of the ClassIds', () => {
    const before = tf.memory().numTensors;
    const space = netSpaceFromStateDicts(given, { architectures });
    expect(space.architectures.map(({ name }) => name)).toEqual(['linear-50', 'linear-100']);
    expect(space.config).toMatchObject({ prepShape: [4, 32], embeddingSize: 64, encoderWidth: 4, grid: 8, decoderWidth: 32 });
    expectOutputs(space, checkpoint(folder, 'outputs'), { rows: [1, 0] });
    space.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reads one file that holds both, under the prefixes of wrappers', () => {
    const named = (part: 'encoder' | 'decoder') => [...given[part]].map(([name, raw]) => [`${part}.module.${name}`, raw] as const);
    const both = new Map([...named('encoder'), ...named('decoder')]);
    const space = netSpaceFromStateDicts({ encoder: both, decoder: both }, { architectures });
    expectOutputs(space, checkpoint(folder, 'outputs'), { rows: [1, 0] });
    space.dispose();
  });

  it('refuses by name what does not belong together', () => {
    const read = (dicts: SpaceStateDicts, list = architectures) => caught(() => netSpaceFromStateDicts(dicts, { architectures: list }));
    expect(read(given, [linear(50)])).toMatch(/^INVALID_OPTION .*expected 2 architectures, one for each row of the class head, .*got linear-50;/); // prettier-ignore
    expect(read(given, [linear(50), linear(1000)])).toMatch(/^SHAPE_MISMATCH .*at most 128 parameters/);
    expect(read({ encoder: given.decoder, decoder: given.encoder })).toMatch(/^SHAPE_MISMATCH .*the encoder's conv1\.0\.weight with a kernel of \[1,3\], got conv1\.0\.weight \[128,1,3,3\]; .*in the order encoder, decoder/); // prettier-ignore
    expect(read(others('decoder', (tensors) => tensors.delete('scalelayer.scale')))).toMatch(/^NOT_FOUND .*scalelayer\.scale in the state dict of the decoder/); // prettier-ignore
    expect(read(others('decoder', (tensors) => tensors.delete('conv4.0.bias')))).toMatch(/^NOT_FOUND .*conv4\.0\.bias/);
    expect(read(others('encoder', (tensors) => tensors.set('conv5.0.weight', tensors.get('conv1.0.bias')!)))).toMatch(/^UNSUPPORTED .*conv5\.0\.weight/); // prettier-ignore
    expect(read(others('encoder', (tensors) => tensors.set('conv4.0.weight', { dtype: 'F32', shape: [66, 16, 3, 1], data: new Float32Array(66 * 48) })))).toMatch(/^SHAPE_MISMATCH .*embeddings of 66 numbers/); // prettier-ignore
    expect(read(others('encoder', (tensors) => tensors.set('conv1.0.bias', { dtype: 'F32', shape: [4], data: Float32Array.of(1, NaN, 1, 1) })))).toMatch(/^INVALID_OPTION .*conv1\.0\.bias\[1\] is NaN|^INVALID_OPTION .*NaN/); // prettier-ignore
  });
});

describe('stateDictsOf', () => {
  const measured = () =>
    [linear(50), linear(100)].flatMap(
      (architecture) =>
    [1, 2].map((seed) => ({ architecture, parameters: [tf.randomNormal(architecture.parameters[0]!.shape as [number], 0, 1, 'float32', seed)] })), // prettier-ignore
    );
  const sizes = { architectures: [linear(50), linear(100)], prepShape: [4, 32] as const, preset: 'tiny', seed: 3 } as const;

  it('gives the same space again, units included', async () => {
    for (const units of [undefined, { of: measured() }]) {
      const space = new NetSpace({ ...sizes, units });
      const again = netSpaceFromStateDicts(await stateDictsOf(space), { architectures: space.architectures });
      expect(again.config).toEqual(space.config);
      Object.entries(space.variables).forEach(([name, variable]) => expect(again.variables[name]!.dataSync(), name).toEqual(variable.dataSync())); // prettier-ignore
      expect(again.normalization?.mean.dataSync()).toEqual(space.normalization?.mean.dataSync());
      expect(again.normalization?.deviation.dataSync()).toEqual(space.normalization?.deviation.dataSync());
      [space, again].forEach((one) => one.dispose());
    }
  });

  const python = pythonWith('torch');
  it.skipIf(python === undefined)("computes in PyTorch what it computes here, and the other way round at the paper's size", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netspace-space-'));
    const space = new NetSpace({ ...sizes, units: { of: measured() } });
    const write = (name: string, tensors: ReadonlyMap<string, RawTensor>) =>
      writeFileSync(join(folder, `${name}.pt`), writePyTorchCheckpoint(tensors));
    Object.entries(await stateDictsOf(space)).forEach(([name, tensors]) => write(name, tensors as ReadonlyMap<string, RawTensor>));
    writeFileSync(join(folder, 'architectures.json'), JSON.stringify(space.architectures.map(({ name }) => name)));
    const preps = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i));
    write('inputs', new Map<string, RawTensor>([['preps', { dtype: 'F32', shape: [2, 4, 32], data: preps }], ['classIds', { dtype: 'I64', shape: [2], data: BigInt64Array.of(1n, 0n) }]])); // prettier-ignore
    const paper = join(folder, 'paper');
    const { status, stderr } = spawnSync(python!, [join(fixtures, 'spaces.py'), 'run', folder, 'paper', paper], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    expectOutputs(space, checkpoint(folder, 'outputs'), { classIds: [1, 0] });
    const theirs = netSpaceFromStateDicts(spaceIn(paper), { architectures: [linear(50), linear(100)] });
    expectOutputs(theirs, checkpoint(paper, 'outputs'));
    [space, theirs].forEach((one) => one.dispose());
    rmSync(folder, { recursive: true });
  });
});
