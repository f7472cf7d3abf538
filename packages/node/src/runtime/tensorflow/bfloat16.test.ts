import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { currentPrecision, setPrecision } from '@netspace/kernels';
import { NetSpace } from '@netspace/model';
import { expectNoLeak, gradientsOf, isTensorflowInstalled, randomInput } from '@netspace/testing';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { action } from '../../cli/command-context.js';
import { createProgram } from '../../cli/program.js';
import { readRunRecord } from '../../runs/run-record.js';
import { trainInFolder } from '../../runs/train-in-folder.js';
import { selectRuntime } from '../select-runtime.js';
import { bfloat16Problem } from './bfloat16.js';

const installed = isTensorflowInstalled();
const problem = bfloat16Problem();

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('bfloat16Problem', () => {
  it.each(['avx512_bf16', 'amx_bf16'])('is none with %s', (instruction) =>
    expect(bfloat16Problem(`processor\t: 0\nflags\t\t: fpu avx512f ${instruction} sse\nbugs\t\t:\n`)).toBeUndefined(),
  );
  it('says what is missing', () => {
    expect(bfloat16Problem('flags\t\t: fpu avx512f avx512_bf16x\nbogus\t: amx_bf16\n')).toBe(
      'a processor with avx512_bf16 or amx_bf16; /proc/cpuinfo lists neither',
    );
  });
});

describe('selectRuntime, precision', () => {
  it('refuses one that it does not know', () =>
    expect(selectRuntime({ precision: 'float16' as never })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: "selectRuntime: expected option 'precision' to be one of float32, bfloat16, got float16",
    }));
  it('refuses bfloat16 with another runtime than tensorflow, whoever asks for it', async () => {
    await expect(selectRuntime({ prefer: 'wasm', precision: 'bfloat16' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/runtime tensorflow with precision bfloat16.*got wasm from option 'prefer'/),
    });
    vi.stubEnv('NETSPACE_RUNTIME', 'cpu');
    await expect(selectRuntime({ precision: 'bfloat16' })).rejects.toThrow(/got cpu from NETSPACE_RUNTIME/);
  });
  it('is an option of every command', async () => {
    const started = async (...words: readonly string[]) => {
      const program = createProgram({});
      program.command('probe').action(action(({ context }) => context.startRuntime().then(() => undefined)));
      await program.parseAsync([...words, '--quiet', 'probe'], { from: 'user' });
    };
    await expect(started('--runtime', 'cpu', '--precision', 'bfloat16')).rejects.toThrow(/got cpu from option 'prefer'/);
    await started('--runtime', 'cpu', '--precision', 'float32');
  });
});

type Case = readonly [name: string, run: (...xs: tf.Tensor[]) => tf.Tensor, ...shapes: (readonly number[])[]];
const product =
  (ta: boolean, tb: boolean) =>
  (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
    tf.matMul(a, b, ta, tb);
const convolution = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
const padded = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, [[0, 0], [1, 2], [1, 2], [0, 0]]); // prettier-ignore
const biased = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
  tf.fused.conv2d({ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides: 1, pad: 'same', bias });

const LARGE: readonly Case[] = [
  ['product', product(false, false), [256, 192], [192, 320]],
  ['product, transposed', product(true, true), [192, 256], [320, 192]],
  ['batch of products', product(false, true), [4, 128, 160], [4, 224, 160]],
  ['convolution', convolution, [8, 32, 32, 32], [3, 3, 32, 32]],
  ['convolution with explicit padding', padded, [8, 32, 32, 32], [3, 3, 32, 32]],
];

describe.skipIf(!installed)('bfloat16 on tensorflow (skipped where it is not installed)', () => {
  beforeAll(() => selectRuntime({ prefer: 'tensorflow' }));

  const computed = (run: (...xs: tf.Tensor[]) => tf.Tensor | tf.Tensor[], shapes: readonly (readonly number[])[]): Float32Array[] =>
    tf.tidy(() => {
      const inputs = shapes
        .map((shape, i) => randomInput([...shape], i + 1))
        .map(({ shape, values }) => tf.tensor(values as number[], [...shape]));
      return [run(...inputs)].flat().map((one) => one.dataSync<'float32'>());
    });
  const isSame = (a: readonly Float32Array[], b: readonly Float32Array[]): boolean =>
    a.every((one, i) => Buffer.from(one.buffer).equals(Buffer.from(b[i]!.buffer)));
  const distance = (a: Float32Array, b: Float32Array): number =>
    Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / b.reduce((sum, x) => sum + x * x, 0));

  if (problem !== undefined) {
    it('is refused on this processor', () =>
      expect(selectRuntime({ precision: 'bfloat16' })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: `selectRuntime: expected for precision bfloat16 ${problem}; leave the precision out to compute in float32`,
      }));
  } else {
    it('changes the numbers of large products and convolutions a little, and those of the default not at all', async () => {
      const all = [...LARGE, ['with bias', biased, [8, 32, 32, 32], [3, 3, 32, 32], [32]] as Case];
      const values = () => all.map(([, run, ...shapes]) => computed(run, shapes));
      const gradients = () => LARGE.map(([, run, ...shapes]) => computed(gradientsOf(run), shapes));
      const exact = [...values(), ...gradients()].flat();
      const { name, precision, reason } = await selectRuntime({ precision: 'bfloat16' });
      expect({ name, precision, reason }).toEqual({
        name: 'tensorflow',
        precision: 'bfloat16',
        reason: "asked for by option 'precision'",
      });
      const rounded = [...values(), ...gradients()].flat();
      const distances = rounded.map((one, i) => distance(one, exact[i]!));
      expect(distances).toHaveLength(all.length + 2 * LARGE.length);
      for (const one of distances) {
        expect(one).toBeGreaterThan(1e-4);
        expect(one).toBeLessThan(1e-2);
      }
      expect((await selectRuntime({ prefer: 'tensorflow' })).precision).toBe('float32');
      expect(isSame([...values(), ...gradients()].flat(), exact)).toBe(true);
    });
    it('leaves small products as they are, and leaks nothing', async () => {
      const small = () => computed(product(false, false), [[64, 64], [64, 64]]); // prettier-ignore
      const exact = small();
      await selectRuntime({ precision: 'bfloat16' });
      expect(isSame(small(), exact)).toBe(true);
      expectNoLeak(() => {
        computed(product(false, false), [[256, 256], [256, 256]]); // prettier-ignore
        return [];
      });
      await selectRuntime({ prefer: 'tensorflow' });
    });
  }

  it('is kept in the record and the checkpoint of a training, which is not resumed with another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netspace-bfloat16-'));
    const architecture = siren({ hidden: 4, layers: 0 });
    const instances = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
    const runtime = await selectRuntime({ prefer: 'tensorflow' });
    const train = async (steps: number, precision: 'float32' | 'bfloat16') => {
      setPrecision(precision); // whatever the processor: no product of this space is large
      const space = new NetSpace({ architectures: [architecture], prepShape: [4, 8], preset: 'tiny' });
      const training = { instances, task: { kind: 'weights' }, steps, batch: { nets: 2 }, learningRate: 1e-4 } as const;
      await trainInFolder(space, folder, { command: 'test', config: {}, training, runtime: { ...runtime, precision } });
    };
    try {
      await train(1, 'bfloat16');
      expect(await readRunRecord(folder)).toMatchObject({ runtime: { precision: 'bfloat16' }, versions: { precision: 'bfloat16' } });
      await expect(train(2, 'float32')).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining("is of a run with another 'precision'"),
      });
      await train(2, 'bfloat16');
      await rm(folder, { recursive: true });
      await train(1, 'float32');
      expect(JSON.stringify(await readRunRecord(folder))).not.toContain('precision');
    } finally {
      setPrecision('float32');
      await rm(folder, { recursive: true });
    }
    expect(currentPrecision()).toBe('float32');
  });
});
