import { packPReps, type Architecture, type Instance } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { decode } from './decoder.js';
import { encode } from './encoder.js';
import { NetSpace } from './net-space.js';

const architecture: Architecture = {
  name: 'line',
  parameters: [
    { name: 'weight', shape: [2, 3], tensorAxes: [1, 0] },
    { name: 'bias', shape: [2] },
  ],
  apply: ([weight, bias], x) => tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!),
};
const line = (weight: number[], bias: number[]): Instance => ({
  architecture,
  parameters: [tf.tensor2d(weight, [3, 2]), tf.tensor1d(bias)],
});
const instances = () => [line([0, 1, 2, 3, 4, 5], [7, 9]), line([2, 1, 2, 3, 4, 1], [7, 9])];
const makeSpace = (normalise: readonly Instance[]) =>
  new NetSpace({
    architectures: [architecture],
    ...{ prepShape: [4, 16], preset: 'tiny', scaleBias: 'instance', instance: normalise[0]!, normalise, seed: 1 },
  });

/** By hand: the mean of the two, and deviations √((1² + 2²) / 6) for the weight; the bias does not differ. PyTorch's order of axes. */
const MEAN = [1, 2, 4, 1, 3, 3, 7, 9];
const DEVIATION = [...Array<number>(6).fill(Math.sqrt(5 / 6)), 1, 1];
const padded = (values: number[], padding: number) => tf.tensor2d([...values, ...Array<number>(64 - values.length).fill(padding)], [4, 16]);

const expectSame = (got: tf.Tensor, expected: tf.Tensor): void => expectClose(got.dataSync(), expected.dataSync());

describeOnRuntimes(
  'a space with normalise',
  () => {
    it('measures mean and deviation, and encodes and decodes in their units', () => {
      const networks = instances();
      const space = makeSpace(networks);
      const [mean, deviation] = [padded(MEAN, 0), padded(DEVIATION, 1)];
      expectSame(space.normalisation!.mean, mean);
      expectSame(space.normalisation!.deviation, deviation);

      const part = (prefix: string) =>
        Object.fromEntries(
          Object.entries(space.variables).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
        );
      const preps = packPReps(networks, [4, 16]);
      const embeddings = encode(part('encoder/'), tf.div(tf.sub(preps, mean), deviation), space.config);
      expectSame(space.encode(networks), embeddings);
      expectSame(space.encode(preps), embeddings);
      const { preps: inside } = decode(part('decoder/'), embeddings, space.config);
      expectSame(space.decode(embeddings).preps, tf.add(tf.mul(inside, deviation), mean));
    });

    it('starts near its instance, differentiates and leaks nothing', () => {
      const networks = instances();
      expectNoLeak(() => {
        const space = makeSpace(networks);
        const embedding = space.encode([networks[0]!]);
        const [network] = space.instantiate(embedding);
        expect(Math.abs(network!.parameters[1]!.dataSync()[1]! - 9)).toBeLessThan(0.1);
        const slope = tf.grad((e) => tf.sum(space.decode(e as tf.Tensor2D).preps))(embedding);
        expect(slope.dataSync().some((value) => value !== 0)).toBe(true);
        tf.dispose([embedding, slope, [...network!.parameters]]);
        space.dispose();
      });
    });

    it('is saved with its units', async () => {
      const space = makeSpace(instances());
      let saved: tf.io.ModelArtifacts | undefined;
      const info = { dateSaved: new Date(0), modelTopologyType: 'JSON' } as const;
      await space.save(tf.io.withSaveHandler((artifacts) => Promise.resolve(((saved = artifacts), { modelArtifactsInfo: info }))));
      const loaded = await NetSpace.load(tf.io.fromMemory(saved!), { architectures: [architecture] });
      expectSame(loaded.normalisation!.deviation, space.normalisation!.deviation);
      const embeddings = tf.ones([1, 64]) as tf.Tensor2D;
      expectSame(loaded.decode(embeddings).preps, space.decode(embeddings).preps);
      saved!.weightSpecs!.pop();
      await expect(NetSpace.load(tf.io.fromMemory(saved!))).rejects.toThrow(/weightSpecs to be \d+ entries/);
    });

    it('refuses several architectures, no instances and statistics of another shape', () => {
      const sizes = { prepShape: [4, 16], preset: 'tiny' } as const;
      const [first] = instances();
      const other = { ...architecture, name: 'other' };
      expect(() => new NetSpace({ ...sizes, architectures: [architecture, other], normalise: [first!] })).toThrow(/one architecture/);
      expect(() => new NetSpace({ ...sizes, architectures: [architecture], normalise: [] })).toThrow(/expected instances as normalise/);
      const small = { mean: tf.zeros([4, 8]), deviation: tf.ones([4, 8]) } as { mean: tf.Tensor2D; deviation: tf.Tensor2D };
      expect(() => new NetSpace({ ...sizes, architectures: [architecture], normalise: small })).toThrow(/normalisation\/mean as \[4,16\]/);
    });
  },
  { runtimes: ['cpu', 'wasm'] },
);
