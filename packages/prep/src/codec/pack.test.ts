import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { describeOnRuntimes, expectNoLeak } from '@netspace/testing';

import { parameterCount } from '../architecture.js';
import { packPRep, packPReps } from './pack.js';
import { countingInstance, randomSpecs } from '../testing/random-architecture.js';
import { unpackPRep, unpackPReps } from './unpack.js';

const convolution = { name: 'conv.weight', shape: [2, 1, 1, 2], tensorAxes: [2, 3, 1, 0] }; // OIHW → HWIO
const linear = { name: 'fc.weight', shape: [2, 3], tensorAxes: [1, 0] };
const bias = { name: 'fc.bias', shape: [2] };
const flattened = [{ axis: 0, parts: [[2, 1]] }, { axis: 1, parts: [[1, 1], [2, 1]] }] as const; // prettier-ignore
const values = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];

describeOnRuntimes('packPRep', () => {
  it("writes parameters one after the other in PyTorch's axis order, then zeros", () => {
    const { architecture } = countingInstance([convolution, linear, bias]);
    const parameters = [
      tf.tensor4d([1, 2, 3, 4], [1, 2, 1, 2]), // h, w, in, out: out 0 holds 1 and 3
      tf.tensor2d([5, 6, 7, 8, 9, 10], [3, 2]), // in, out
      tf.tensor1d([11, 12]),
    ];
    const prep = packPRep({ architecture, parameters }, [2, 8]);
    expect(prep.shape).toEqual([2, 8]);
    expect(values(prep)).toEqual([1, 3, 2, 4, 5, 7, 9, 6, 8, 10, 11, 12, 0, 0, 0, 0]);
  });
  it('writes what reads a flattened image channel by channel', () => {
    const head = { name: 'head.weight', shape: [1, 7], tensorAxes: [1, 0], flattened: [{ axis: 1, parts: [[2, 3], [1, 1]] }] } as const; // prettier-ignore
    const { architecture } = countingInstance([head]);
    // 3 pixels of channels a and b, then a number of its own
    const parameters = [tf.tensor2d([1, 10, 2, 20, 3, 30, 7], [7, 1])];
    expect(values(packPRep({ architecture, parameters }, [1, 8]))).toEqual([1, 2, 3, 10, 20, 30, 7, 0]);
  });
  it('gives back exactly what it was given, for any architecture and PRep', () => {
    fc.assert(
      fc.property(randomSpecs, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 2 }), (specs, width, spareRows) => {
        const instance = countingInstance(specs);
        const height = Math.max(1, Math.ceil(parameterCount(specs) / width)) + spareRows;
        const prep = packPRep(instance, [height, width]);
        const back = unpackPRep(prep, instance.architecture);
        expect(back.map(({ shape }) => shape)).toEqual(instance.parameters.map(({ shape }) => shape));
        expect(back.map(values)).toEqual(instance.parameters.map(values));
        tf.dispose([prep, back, [...instance.parameters]]);
      }),
      { numRuns: 60 },
    );
  });
  it('unpacks a batch as it unpacks one, with the batch in front', () => {
    fc.assert(
      fc.property(randomSpecs, (specs) => {
        const instances = [countingInstance(specs), countingInstance(specs, 1000)];
        const preps = packPReps(instances, [4, 500]);
        const many = unpackPReps(preps, instances[0]!.architecture);
        many.forEach((tensor, i) => {
          const parameters = instances.map((instance) => instance.parameters[i]!);
          expect(tensor.shape).toEqual([2, ...parameters[0]!.shape]);
          expect(values(tensor)).toEqual(parameters.flatMap(values));
        });
        tf.dispose([preps, many, ...instances.map(({ parameters }) => [...parameters])]);
      }),
      { numRuns: 30 },
    );
  });
  it('has the gradient of a copy, in both directions', () => {
    const { architecture, parameters } = countingInstance([convolution, { ...linear, flattened }, bias]);
    const weights = tf.reshape<tf.Rank.R2>(tf.range(0, 16), [2, 8]);
    const pack = (...tensors: tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(weights, packPRep({ architecture, parameters: tensors }, [2, 8])));
    // d Σ w·prep / d parameter is the weight at its place: what unpacking the weights gives.
    expect(
      tf
        .grads(pack)([...parameters])
        .map(values),
    ).toEqual(unpackPRep(weights, architecture).map(values));

    const unpack = (prep: tf.Tensor): tf.Scalar =>
      tf.addN(unpackPRep(prep as tf.Tensor2D, architecture).map((tensor, i) => tf.sum(tf.mul(tensor, parameters[i]!)))) as tf.Scalar;
    expect(values(tf.grad(unpack)(weights))).toEqual(values(packPRep({ architecture, parameters }, [2, 8])));
  });
  it('has a gradient where one parameter fills the PRep', () => {
    const { architecture } = countingInstance([bias]);
    const [size] = bias.shape;
    const read = (prep: tf.Tensor): tf.Scalar => tf.sum(unpackPRep(prep as tf.Tensor2D, architecture)[0]!);
    expect(values(tf.grad(read)(tf.zeros([1, size!])))).toEqual(Array(size).fill(1));
  });
  it('has a zero gradient where nobody reads', () => {
    const { architecture } = countingInstance([linear, bias]);
    const readBias = (preps: tf.Tensor): tf.Scalar => tf.sum(unpackPReps(preps as tf.Tensor3D, architecture)[1]!);
    expect(values(tf.grad(readBias)(tf.ones([2, 1, 9])))).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0]);
  });
  it('leaks no tensor', () => {
    const instance = countingInstance([convolution, linear, bias]);
    const prep = packPRep(instance, [2, 8]);
    const preps = packPReps([instance, instance], [2, 8]);
    expectNoLeak(() => packPRep(instance, [2, 8]));
    expectNoLeak(() => packPReps([instance, instance], [2, 8]));
    expectNoLeak(() => unpackPRep(prep, instance.architecture));
    expectNoLeak(() => unpackPReps(preps, instance.architecture));
  });
});

describeOnRuntimes(
  'packPRep',
  () => {
    const instance = () => countingInstance([linear, bias]);

    it('refuses a PRep that is too small, naming both sizes', () => {
      const tooMany = countingInstance([{ name: 'w', shape: [81_234] }]);
      const message = 'packPRep: expected at most 80000 parameters for 8×10000, got 81234 of random; use a taller PRep';
      expect(() => packPRep(tooMany, [8, 10_000])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH', message }));
      expect(() => packPReps([instance(), tooMany], [8, 10_000])).toThrow(/packPReps: expected at most 80000/);
      expect(() => unpackPRep(tf.zeros([2, 3]), instance().architecture)).toThrow(/unpackPRep: expected at most 6 .* got 8/);
      expect(() => unpackPReps(tf.zeros([1, 2, 3]), instance().architecture)).toThrow(/unpackPReps: expected at most 6 .* got 8/);
    });
    it('refuses a missing parameter and one of another shape, naming it', () => {
      const [weight] = instance().parameters;
      expect(() => packPRep({ ...instance(), parameters: [weight!] }, [2, 8])).toThrow(/expected 2 parameter tensors for random, got 1/);
      expect(() => packPRep({ ...instance(), parameters: [weight!, tf.zeros([3])] }, [2, 8])).toThrow(
        /fc\.bias of random as \[2\], got \[3\]/,
      );
      expect(() => packPReps([{ ...instance(), parameters: [tf.zeros([2, 3]), tf.zeros([2])] }], [2, 8])).toThrow(
        /fc\.weight .* \[3,2\], got \[2,3\]/,
      );
    });
    it('refuses an impossible PRep shape and an empty list', () => {
      expect(() => packPRep(instance(), [0, 8])).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
      expect(() => packPRep(instance(), [2.5, 8])).toThrow(/positive integers, such as \[8, 400\], got \[2\.5, 8\]/);
      expect(() => packPReps([], [2, 8])).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    });
    it('refuses what JavaScript callers pass by mistake, and says what to pass', () => {
      const [one, all] = [packPRep, packPReps] as unknown as ((...given: unknown[]) => unknown)[];
      expect(() => one!(instance())).toThrow(/PRep shape as \[height, width\] .*got nothing/);
      expect(() => one!(instance(), '2x8')).toThrow(/got '2x8'/);
      expect(() => one!(instance(), { height: 2, width: 8 })).toThrow(/got an object/);
      expect(() => one!(instance().parameters, [2, 8])).toThrow(/expected an instance, \{ architecture, parameters \}, got a list of 2/);
      expect(() => all!(instance(), [2, 8])).toThrow(/a list of instances, got an object; write \[instance\] for one/);
      expect(() => all!([instance(), { instance: instance() }], [2, 8])).toThrow(/at place 1 of the list, .* take its `instance`/);
      expect(() => one!(Promise.resolve(instance()), [2, 8])).toThrow(/got a Promise \(is there an await missing\?\)/);
      expect(() => all!([undefined], [2, 8])).toThrow(/at place 0 of the list, got nothing/);
    });
    it('refuses PReps of another rank', () => {
      const anyRank = (shape: number[]): tf.Tensor => tf.zeros(shape);
      expect(() => unpackPRep(anyRank([1, 2, 8]) as tf.Tensor2D, instance().architecture)).toThrow(/\[H, W\], got \[1,2,8\]/);
      expect(() => unpackPReps(anyRank([2, 8]) as tf.Tensor3D, instance().architecture)).toThrow(/\[K, H, W\], got \[2,8\]/);
    });
  },
  { runtimes: ['cpu'] },
);
