import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { describeOnRuntimes, expectNoLeak } from '@netspace/testing';

import { instanceFromRawTensors } from './checkpoint/instance-from-tensors.js';
import { instanceToRawTensors } from './instance-tensors.js';
import { countingInstance, randomSpecs } from '../../prep/src/testing/random-architecture.js';
import type { RawTensor } from './raw-tensor.js';
import { readSafetensors, writeSafetensors } from './safetensors/safetensors.js';

const linear = { name: 'fc.weight', shape: [2, 3], tensorAxes: [1, 0] };
const values = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];

describeOnRuntimes('instanceToRawTensors', () => {
  it("has PyTorch's names and layout", async () => {
    const tensors = await instanceToRawTensors(countingInstance([linear]));
    expect([...tensors]).toEqual([['fc.weight', { dtype: 'F32', shape: [2, 3], data: Float32Array.from([1, 3, 5, 2, 4, 6]) }]]);
  });
  it('comes back exactly from a file, for any architecture', async () => {
    await fc.assert(
      fc.asyncProperty(randomSpecs, async (specs) => {
        const instance = countingInstance(specs);
        const file = writeSafetensors(await instanceToRawTensors(instance));
        const back = instanceFromRawTensors(instance.architecture, readSafetensors(file).tensors);
        expect(back.architecture).toBe(instance.architecture);
        expect(back.parameters.map(({ shape }) => shape)).toEqual(instance.parameters.map(({ shape }) => shape));
        expect(back.parameters.map(values)).toEqual(instance.parameters.map(values));
        tf.dispose([[...back.parameters], [...instance.parameters]]);
      }),
      { numRuns: 30 },
    );
  });
  it('leaks no tensor', async () => {
    const instance = countingInstance([linear, { name: 'fc.bias', shape: [2] }]);
    const before = tf.memory().numTensors;
    const raw = await instanceToRawTensors(instance);
    expect(tf.memory().numTensors).toBe(before);
    expectNoLeak(() => [...instanceFromRawTensors(instance.architecture, raw).parameters]);
  });
});

describeOnRuntimes(
  'instanceFromRawTensors',
  () => {
    const instance = () => countingInstance([linear]);
    const entry = (shape: number[], data: Float32Array): ReadonlyMap<string, RawTensor> =>
      new Map([['fc.weight', { dtype: 'F32', shape, data }]]);

    it('halves the file on request', async () => {
      const tensors = await instanceToRawTensors(instance(), { dtype: 'float16' });
      expect(tensors.get('fc.weight')).toMatchObject({ dtype: 'F16', shape: [2, 3] });
      expect(values(instanceFromRawTensors(instance().architecture, tensors).parameters[0]!)).toEqual([1, 2, 3, 4, 5, 6]);
    });
    it('refuses tensors that the architecture does not have, listing them, unless they are to be ignored', () => {
      const extra: RawTensor = { dtype: 'F32', shape: [1], data: new Float32Array(1) };
      const tensors = new Map([...entry([2, 3], new Float32Array(6)), ['running_mean', extra], ['head.weight', extra]]);
      expect(() => instanceFromRawTensors(instance().architecture, tensors)).toThrow(
        expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(/2 tensors more: running_mean, head\.weight/) }),
      );
      const { parameters } = instanceFromRawTensors(instance().architecture, tensors, { ignore: ['head.*', /^running_/] });
      expect(parameters).toHaveLength(1);
    });
    it.each([
      [70000, /65504 for F16, got 70000 at \[1,2\] of fc\.weight; write F32/],
      [-65520, /got -65520/],
    ])('refuses to write %s in half precision, which overflows', async (value, message) => {
      const parameters = [tf.tensor2d([0, 0, 0, 0, 0, value], [3, 2])];
      await expect(instanceToRawTensors({ ...instance(), parameters }, { dtype: 'float16' })).rejects.toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
      );
      const largest = [tf.tensor2d([0, 0, 0, 0, 0, 65519], [3, 2])];
      expect((await instanceToRawTensors({ ...instance(), parameters: largest }, { dtype: 'float16' })).get('fc.weight')!.data.at(-1)).toBe(
        0x7bff,
      );
    });
    it.each([Number.NaN, Infinity, -Infinity])('refuses %s, naming tensor and place', (value) => {
      const read = () => instanceFromRawTensors(instance().architecture, entry([2, 3], Float32Array.of(0, 0, 0, 0, value, 0)));
      expect(read).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(`${value} at [1, 1] of fc.weight`) }),
      );
    });
    it('refuses numbers that only double precision holds', () => {
      const tensors = new Map<string, RawTensor>([
        ['fc.weight', { dtype: 'F64', shape: [2, 3], data: Float64Array.of(0, 0, 0, 1e39, 0, 0) }],
      ]);
      expect(() => instanceFromRawTensors(instance().architecture, tensors)).toThrow(/Infinity at \[1, 0\] of fc\.weight/);
    });
    it('refuses a missing parameter, another shape and data of another length, naming it', () => {
      expect(() => instanceFromRawTensors(instance().architecture, new Map())).toThrow(
        expect.objectContaining({ code: 'NOT_FOUND', message: expect.stringContaining('fc.weight') }),
      );
      expect(() => instanceFromRawTensors(instance().architecture, entry([3, 2], new Float32Array(6)))).toThrow(
        /fc\.weight of random as \[2,3\], got \[3,2\]/,
      );
      expect(() => instanceFromRawTensors(instance().architecture, entry([2, 3], new Float32Array(5)))).toThrow(
        /6 values in fc\.weight .* got 5/,
      );
    });
    it('refuses to write an instance of another shape than its architecture', async () => {
      await expect(instanceToRawTensors({ ...instance(), parameters: [] })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    });
  },
  { runtimes: ['cpu'] },
);

describeOnRuntimes(
  'unresolvedArchitecture',
  () => {
    it('cannot run, and says what to do', () => {
      expect(() => instance().architecture.apply([], tf.scalar(0))).toThrow(
        expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(/got random/) }),
      );
    });
    const instance = () => countingInstance([linear]);
  },
  { runtimes: ['cpu'] },
);
