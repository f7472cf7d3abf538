import { channelPermutation, packPRep, parameterCount, unpackPRep, type Architecture } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { architectureByName } from './by-name.js';
import { initialize } from '../initialize.js';
import { lenetLike } from './lenet-like.js';
import { resnet, resnet32, resnet56, resnet8 } from './resnet.js';
import { siren } from './siren.js';
import { vanillaCnn } from './vanilla-cnn.js';

const tasks = fc.record({
  channels: fc.integer({ min: 1, max: 4 }),
  size: fc.integer({ min: 13, max: 52 }),
  classes: fc.integer({ min: 1, max: 12 }),
  width: fc.constantFrom(0.05, 0.25, 0.5),
});
const families: Record<string, (task: object) => Architecture> = { lenetLike, vanillaCnn, resnet8 };

describeOnRuntimes('the classifiers', (runtime) => {
  it.each(Object.entries(families))('%s runs on images of any size, channels, classes and width', (_, family) => {
    fc.assert(
      fc.property(tasks, (task) => {
        const architecture = family(task);
        expect(architectureByName(architecture.name).parameters).toEqual(architecture.parameters);
        tf.tidy(() => {
          const parameters = initialize(architecture.parameters, { seed: 1 });
          const logits = architecture.apply(parameters, tf.ones([2, task.size, task.size, task.channels]));
          expect(logits.shape).toEqual([2, task.classes]);
          expect(logits.dataSync().every(Number.isFinite)).toBe(true);
        });
      }),
      { numRuns: runtime === 'cpu' ? 5 : 15 },
    );
  });
  it.each(['lenet-like-2x13x13-3-w0.2', 'vanilla-cnn-1x7x7-2-w0.2', 'resnet8-1x9x9-2-w0.2', 'siren-2-5x2-2-omega3'])(
    '%s has the gradient of its values',
    (name) => {
      const architecture = architectureByName(name);
      const scheme = name.startsWith('siren') ? 'siren' : 'pytorch';
      // Twice the initial size: the values stand clear of rounding.
      const parameters = initialize(architecture.parameters, { seed: 4, scheme, omega: 3 }).map((parameter) => tf.mul(parameter, 2));
      const x = tf.randomNormal(inputShape(name), 0, 1, 'float32', 7);
      const value = (...tensors: tf.Tensor[]) => tf.sum(tf.square(architecture.apply(tensors, x)));
      const gradients = tf.grads(value)(parameters);
      gradients.forEach((gradient, i) => {
        const largest = tf.argMax(tf.abs(tf.reshape(gradient, [-1]))).dataSync()[0]!; // the rest drowns in rounding
        const at = (moved: tf.Tensor) => value(...parameters.map((parameter, j) => (j === i ? moved : parameter)));
        // A small step, for the kinks of the leaky ReLU.
        const expected = finiteDifference(at, parameters[i]!, { h: 1e-3, indices: [largest] });
        expectClose([gradient.dataSync()[largest]!], expected, 0.02);
      });
      expectNoLeak(() => architecture.apply(parameters, x));
    },
  );
});

describeOnRuntimes('hidden channels in another order', () => {
  const names = ['lenet-like-2x16x16-3-w0.3', 'lenet-like-1x48x48-3-w0.5', 'vanilla-cnn-1x16x16-3-w0.3', 'resnet8-1x40x40-3-w0.3'];
  it.each([...names, 'resnet14-1x9x9-3-w0.3', 'siren-2-8x2-1'])('leave what %s does as it is', (name) => {
    const architecture = architectureByName(name);
    const scheme = name.startsWith('siren') ? 'siren' : 'pytorch';
    const source = channelPermutation(architecture, (_channels, count) => Array.from({ length: count }, (_, i) => (i + 1) % count));
    expectNoLeak(() =>
      tf.tidy(() => {
        const parameters = initialize(architecture.parameters, { seed: 4, scheme });
        const prep = packPRep({ architecture, parameters }, [1, source.length]);
        const moved = tf.gather(prep, tf.tensor1d(source, 'int32'), 1) as tf.Tensor2D;
        // Every tensor but the last bias has moved.
        const permuted = unpackPRep(moved, architecture);
        permuted.slice(0, -1).forEach((tensor, i) => expect([...tensor.dataSync()]).not.toEqual([...parameters[i]!.dataSync()]));
        const x = tf.randomNormal(inputShape(name), 0, 1, 'float32', 7);
        expectClose(architecture.apply(permuted, x).dataSync(), architecture.apply(parameters, x).dataSync(), 1e-4);
        return moved;
      }),
    );
  });
});

const inputShape = (name: string): number[] => {
  const match = /(\d+)x(\d+)x(\d+)/.exec(name);
  return match === null ? [3, 2] : [3, Number(match[2]), Number(match[3]), Number(match[1])];
};

describe('the architectures', () => {
  it("have the authors' numbers of parameters", () => {
    const count = (architecture: Architecture) => parameterCount(architecture.parameters);
    expect([lenetLike(), vanillaCnn(), resnet8(), resnet32(), siren()].map(count)).toEqual([62_006, 68_818, 77_706, 465_674, 67_073]);
    expect(count(resnet56())).toBe(465_674 + 4 * 2 * (2_320 + 9_248 + 36_928)); // four blocks more in each stage than resnet32
  });
  it('are named by all that shapes them', () => {
    expect(resnet8({ channels: 1, size: 28, width: 0.25 }).name).toBe('resnet8-1x28x28-10-w0.25');
    expect(resnet({ depth: 14 }).name).toBe('resnet14-3x32x32-10');
    expect(siren({ hidden: 32, layers: 2, omega: 10 }).name).toBe('siren-3-32x2-1-omega10');
    expect(architectureByName('siren-3-32x2-1-omega10').name).toBe('siren-3-32x2-1-omega10');
  });
  it('pool 8×8 where the last image has it and all of it where it is smaller', () => {
    const features = (size: number) => resnet8({ size }).parameters.at(-2)!.shape[1];
    expect([8, 28, 32, 36, 64].map(features)).toEqual([64, 64, 64, 64, 256]);
  });
  it('refuse tasks that no network can have', () => {
    expect(() => lenetLike({ size: 12 })).toThrow(/size as an integer from 13/);
    expect(() => vanillaCnn({ channels: 0 })).toThrow(/channels/);
    expect(() => resnet8({ width: 0 })).toThrow(/width/);
    expect(() => resnet8({ classes: 1.5 })).toThrow(/classes/);
    expect(() => resnet({ depth: 10 })).toThrow(/nearest are 8 and 14/);
    expect(() => siren({ hidden: 0 })).toThrow(/hidden/);
    for (const make of [resnet8, resnet32, resnet56, lenetLike, vanillaCnn] as ((given: unknown) => unknown)[]) {
      expect(() => make(100)).toThrow(/expected options to be an object, got 100/); // not ten classes without a word
      expect(() => make({ num_classes: 100 })).toThrow(/unknown option num_classes; expected one of channels, size, classes, width/);
    }
  });
  it('refuse inputs and parameters of another shape, naming both', () => {
    const architecture = lenetLike({ size: 28, channels: 1 });
    const parameters = initialize(architecture.parameters, { seed: 0 });
    expect(() => architecture.apply(parameters, tf.zeros([2, 1, 28, 28]))).toThrow(/\[batch, 28, 28, 1\].*\[2,1,28,28\]/);
    expect(() => architecture.apply(parameters.slice(1), tf.zeros([2, 28, 28, 1]))).toThrow(/expected 10 parameters, got 9/);
    expect(() => architecture.apply(parameters.toReversed(), tf.zeros([2, 28, 28, 1]))).toThrow(/conv1.weight as \[5,5,1,6\]/);
  });
});

describe('architectureByName', () => {
  it.each([
    'mlp',
    'resnet-3x32x32-10',
    'resnet8-3x32x32',
    'lenet-like-3x32x32-10-w0.50',
    'resnet8-3x32x31-10',
    'siren-3-256x1',
    'lenet-like8-3x32x32-10',
  ])('does not know %s', (name) => {
    expect(() => architectureByName(name)).toThrow(
      expect.objectContaining({ code: name === 'resnet-3x32x32-10' ? 'INVALID_OPTION' : 'NOT_FOUND' }),
    );
  });
  it.each([
    ['layers-model-0123456789abc', /pass \[architectureFromLayersModel\(model\)\]/],
    ['onnx-0123456789abc', /pass \[architectureFromOnnx\(bytes\)\] of @netspace\/onnx .* architecturesIn\(folder\) finds the graph/],
    ['mlp', /got 'mlp'; names look like lenet-like/],
  ])('says where the architecture %s comes from', (name, message) => {
    expect(() => architectureByName(name)).toThrow(message);
  });
});
