import { type Architecture, disposeInstances, tensorShape } from '@netspace/prep';
import { randomStream } from '@netspace/prep/internal';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { NetSpace } from '../net-space.js';
import { stateDictsOf } from '../state-dicts/state-dicts-of.js';
import { savedArtifacts, withConfig } from '../testing/saved-artifacts.js';
import { checkDirections, DIRECTIONS_LIMIT, directionsCount, makeDirections, moveAlong } from './directions.js';

const linear = (inputs: number): Architecture => ({
  name: `linear-${inputs}`,
  parameters: [
    { name: 'weight', shape: [2, inputs], tensorAxes: [1, 0] },
    { name: 'bias', shape: [2] },
  ],
  apply: ([weight, bias], x) => tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!),
});
const [small, large] = [linear(3), linear(9)] as const; // 8 and 20 parameters
const E = 64;
/** The first numbers of R by `seed: 7`, as bits. */
const FIRST = [3182550498, 1030801909, 1015662460];

const instanceOf = (architecture: Architecture, seed: number) => ({
  architecture,
  parameters: architecture.parameters.map((spec, i) => tf.randomNormal(tensorShape(spec), 0, 2, 'float32', seed + i)),
});
const makeInstances = () => [instanceOf(small, 1), instanceOf(small, 5), instanceOf(large, 9), instanceOf(large, 13)];

/** Two spaces of the same weights and units; the first has directions. */
function makeBoth(directions: { scale?: number; seed?: number }) {
  const of = makeInstances();
  const options = { architectures: [small, large], prepShape: [4, 16], preset: 'tiny', seed: 1, units: { of } } as const;
  const [space, plain] = [new NetSpace({ ...options, directions }), new NetSpace(options)];
  disposeInstances(of);
  return { space, plain, dispose: () => [space, plain].forEach((one) => one.dispose()) };
}
const embeddings = () => tf.randomNormal([3, E], 0, 1, 'float32', 21) as tf.Tensor2D;

/** Row e of R times scale / √E, written down once more. */
function rowOf(seed: number, e: number, count: number, scale: number): number[] {
  const uniform = randomStream(seed, e);
  return Array.from({ length: count }, () => {
    const words = [uniform(), uniform()].map((one) => one * 2 ** 32);
    const sum = words.reduce((total, word) => total + Math.floor(word / 65536) + (word % 65536), 0);
    return (scale / Math.sqrt(E)) * ((sum - 2 * 65535) / Math.sqrt((65536 ** 2 - 1) / 3));
  });
}

describeOnRuntimes('directions', () => {
  it('are nearly normal, of variance (scale² / E), and the same to the bit everywhere', () => {
    const R = makeDirections({ embeddingSize: 256, directions: { scale: 3, seed: 7 } }, [linear(99)])!; // [256, 200]
    const values = R.dataSync<'float32'>();
    const moment = (power: number) => values.reduce((sum, x) => sum + ((x * 16) / 3) ** power, 0) / values.length;
    const margin = 4 / Math.sqrt(values.length); // four standard errors of the mean
    expect(Math.abs(moment(1))).toBeLessThan(margin);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(margin * Math.SQRT2);
    expect(Math.abs(moment(4) - 2.7)).toBeLessThan(0.1); // a normal distribution has 3
    expect([...new Uint32Array(values.buffer, values.byteOffset, 3)]).toEqual(FIRST);
    R.dispose();
  });

  it('add scale · z R / √E in units of the deviation to what is decoded, as computed one by one', () => {
    const { space, plain, dispose } = makeBoth({ scale: 5, seed: 2 });
    const z = embeddings();
    const classIds = [0, 1, 0];
    const [moved, still] = [space.decode(z, { classIds }), plain.decode(z, { classIds })];
    const [numbers, deviation] = [z.arraySync(), space.normalization!.deviation.dataSync()];
    const rows = Array.from({ length: E }, (_, e) => rowOf(2, e, 20, 5));
    const expected = Array.from(still.preps.dataSync(), (value, at) => {
      const [net, place] = [Math.floor(at / 64), at % 64];
      if (place >= 20) return value; // padding
      return value + deviation[classIds[net]! * 64 + place]! * rows.reduce((sum, row, e) => sum + numbers[net]![e]! * row[place]!, 0);
    });
    expectClose(moved.preps.dataSync(), expected);
    expect([...moved.classLogits!.dataSync()]).toEqual([...still.classLogits!.dataSync()]);
    expect(Math.max(...expected.map((value, at) => Math.abs(value - still.preps.dataSync()[at]!)))).toBeGreaterThan(1);
    tf.dispose([z, moved, still] as unknown as tf.TensorContainer);
    dispose();
  });

  it('leave the encoder and the weights alone', () => {
    const { space, plain, dispose } = makeBoth({});
    const instances = makeInstances();
    const [a, b] = [space.encode(instances), plain.encode(instances)];
    expect([...a.dataSync()]).toEqual([...b.dataSync()]);
    expect(Object.keys(space.variables)).toEqual(Object.keys(plain.variables));
    expect([space.config.directions, plain.config.directions]).toEqual([{ scale: 3, seed: 0 }, undefined]);
    expect('directions' in plain.config).toBe(false);
    disposeInstances(instances);
    tf.dispose([a, b]);
    dispose();
  });

  it('let the gradient through to the embedding: the differences of a linear function', () => {
    const R = makeDirections({ embeddingSize: E, directions: { scale: 3, seed: 1 } }, [large])!;
    const z = embeddings();
    const weights = tf.randomNormal([3, 4, 16], 0, 1, 'float32', 5);
    const preps = tf.zeros([3, 4, 16]) as tf.Tensor3D;
    const loss = (at: tf.Tensor) => tf.sum(tf.mul(weights, moveAlong(preps, at as tf.Tensor2D, R))) as tf.Scalar;
    const gradient = tf.grad(loss)(z).dataSync();
    for (const place of [0, E + 3, 3 * E - 1]) {
      const step = tf.tidy(() => tf.reshape(tf.oneHot(tf.tensor1d([place], 'int32'), 3 * E), [3, E]));
      const slope = tf.tidy(() => tf.sub(loss(tf.add(z, step)), loss(tf.sub(z, step))).dataSync()[0]! / 2);
      expect(gradient[place]).toBeCloseTo(slope, 3);
    }
    tf.dispose([R, z, weights, preps]);
  });

  it('let it through the whole decoder too', () => {
    const { space, plain, dispose } = makeBoth({});
    const z = embeddings();
    const R = makeDirections({ embeddingSize: E, directions: { scale: 3, seed: 0 } }, [large])!;
    const of = (one: NetSpace) => tf.grad((at) => tf.sum(one.decode(at as tf.Tensor2D, { classIds: [1, 1, 1] }).preps))(z);
    const [moved, still] = [of(space), of(plain)];
    const deviation = tf.tidy(() => tf.slice(tf.reshape(space.normalization!.deviation, [2, 64]), [1, 0], [1, 20]));
    const added = tf.tidy(() => tf.tile(tf.matMul(deviation, R, false, true), [3, 1])); // σ Rᵀ
    expectClose(
      moved.dataSync(),
      tf.tidy(() => tf.add(still, added).dataSync()),
    );
    tf.dispose([z, R, moved, still, deviation, added]);
    dispose();
  });

  it('are freed with the space, also if it is made in a tidy, and are made anew to the bit by loading', async () => {
    const before = tf.memory().numTensors;
    const { space, plain, dispose } = makeBoth({ seed: 3 });
    const artifacts = await savedArtifacts(space);
    expect((artifacts.modelTopology as { schemaVersion: number }).schemaVersion).toBe(3); // earlier versions refuse it
    expect(((await savedArtifacts(plain)).modelTopology as { schemaVersion: number }).schemaVersion).toBe(1);
    const loaded = await NetSpace.load(tf.io.fromMemory(artifacts));
    expect(loaded.config).toEqual(space.config);
    const z = embeddings();
    const decoded = [space, loaded].map((one) => one.decode(z, { classIds: [0, 1, 0] }));
    expect([...decoded[1]!.preps.dataSync()]).toEqual([...decoded[0]!.preps.dataSync()]);
    decoded.forEach(({ preps, classLogits }) => tf.dispose([preps, classLogits!]));
    z.dispose();
    loaded.dispose();
    dispose();
    expect(tf.memory().numTensors).toBe(before);
    const kept = tf.tidy(() => ({ R: makeDirections({ embeddingSize: E, directions: { scale: 1, seed: 0 } }, [small])! })) as unknown as {
      R: tf.Tensor;
    };
    expect(kept.R.isDisposed).toBe(false);
    kept.R.dispose();
  });

  it.each([
    [7, /config\.directions to be an object, got 7/],
    [{}, /config\.directions\.scale to be a positive number up to 1e9, got nothing/],
    [{ scale: Infinity, seed: 0 }, /config\.directions\.scale/],
    [{ scale: 3, seed: -1 }, /config\.directions\.seed to be an integer from 0 up, got -1/],
    [{ scale: 3, seed: {} }, /config\.directions\.seed/],
  ])('are not loaded from a file that says %j', async (directions, message) => {
    const { space, dispose } = makeBoth({});
    await expect(NetSpace.load(withConfig(await savedArtifacts(space), { directions }))).rejects.toThrow(message);
    dispose();
  });

  it('are not loaded without units, nor beyond the limit', async () => {
    const space = new NetSpace({ architectures: [small], prepShape: [4, 16], preset: 'tiny' });
    const { space: another, dispose } = makeBoth({});
    const directions = { scale: 3, seed: 0 };
    await expect(NetSpace.load(withConfig(await savedArtifacts(space), { directions }))).rejects.toThrow(
      /units too, which directions need/,
    );
    const limits = { weightBytes: 4 * E * 20 - 1 };
    await expect(NetSpace.load(withConfig(await savedArtifacts(another), { directions }), { limits })).rejects.toMatchObject({
      ...{ code: 'LIMIT_EXCEEDED', message: expect.stringMatching(/the directions to be at most 5119 bytes, got 5120/) as string },
    });
    space.dispose();
    dispose();
  });

  it('are refused for PyTorch', async () => {
    const { space, dispose } = makeBoth({});
    await expect(stateDictsOf(space)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    dispose();
  });
});

describe('checkDirections', () => {
  it('refuses directions without units, saying what to add', () => {
    const options = { architectures: [small], prepShape: [4, 16], preset: 'tiny', directions: {} } as const;
    expect(() => new NetSpace(options)).toThrow(/expected units with directions.*units: \{ of: instances \}/);
  });

  it('refuses more numbers than the limit before it makes any', () => {
    const config = { embeddingSize: DIRECTIONS_LIMIT / 8, directions: { scale: 3, seed: 0 } };
    expect(directionsCount(config, [small])).toBe(DIRECTIONS_LIMIT);
    expect(() => checkDirections(config, [small], {})).not.toThrow();
    expect(() => checkDirections(config, [large, small], {})).toThrow(
      /at most 134217728 numbers, got 335544320: embeddingSize 16777216 times 20/,
    );
    expect(() => checkDirections({ embeddingSize: 2 ** 40 }, [large], undefined)).not.toThrow(); // none
  });

  it.each([{ scale: 0 }, { scale: Infinity }, { scale: '3' }, { seed: -1 }, { sede: 1 }, 3, true])('refuses %j', (directions) => {
    const options = { architectures: [small], prepShape: [4, 16], preset: 'tiny', directions } as never;
    expect(() => new NetSpace(options)).toThrow(/directions/);
  });
});
