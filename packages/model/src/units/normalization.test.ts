import { packPReps, type Architecture, type Instance, type PRepShape } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { decode } from '../decoder/decoder.js';
import { encode } from '../encoder/encoder.js';
import { NetSpace } from '../net-space.js';
import { savedArtifacts } from '../testing/saved-artifacts.js';

const architecture: Architecture = {
  name: 'line',
  parameters: [
    { name: 'weight', shape: [2, 3], tensorAxes: [1, 0] },
    { name: 'bias', shape: [2] },
  ],
  apply: ([weight, bias], x) => tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!),
};
/** A single number. */
const point: Architecture = {
  name: 'point',
  parameters: [{ name: 'value', shape: [1] }],
  apply: ([value], x) => tf.mul(x as tf.Tensor, value!),
};
const line = (weight: number[], bias: number[]): Instance => ({
  architecture,
  parameters: [tf.tensor2d(weight, [3, 2]), tf.tensor1d(bias)],
});
const instances = () => [line([0, 1, 2, 3, 4, 5], [7, 9]), line([2, 1, 2, 3, 4, 1], [7, 9])];
const pointAt = (value: number): Instance => ({ architecture: point, parameters: [tf.tensor1d([value])] });
const prepShape: PRepShape = [4, 16];
const startAs = (instance: Instance) => ({ from: 'instance', instance }) as const;
const makeSpace = (of: readonly Instance[]) =>
  new NetSpace({ architectures: [architecture], prepShape: [4, 16], preset: 'tiny', start: startAs(of[0]!), units: { of }, seed: 1 });

const makeBoth = (of: readonly Instance[]) =>
  new NetSpace({ architectures: [architecture, point], prepShape, preset: 'tiny', start: startAs(of[0]!), units: { of }, seed: 1 });
/** A space that starts from one network of each architecture, and one of the same weights that starts from the mean. */
function makeStarting(networks: readonly Instance[], bests: readonly Instance[]) {
  const options = {
    architectures: [point, architecture],
    prepShape,
    preset: 'tiny',
    units: { of: networks },
    seed: 1,
  } as const;
  return {
    space: new NetSpace({ ...options, start: { from: 'instances', instances: bests } }),
    plain: new NetSpace({ ...options, start: startAs(bests[0]!) }),
  };
}

const part = ({ variables }: NetSpace, prefix: string) =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
  );

/** By hand: the mean of the two, and deviations √((1² + 2²) / 6) for the weight; the bias does not differ. PyTorch's order of axes. */
const MEAN = [1, 2, 4, 1, 3, 3, 7, 9];
const DEVIATION = [...Array<number>(6).fill(Math.sqrt(5 / 6)), 1, 1];
const padded = (values: number[], padding: number) => tf.tensor2d([...values, ...Array<number>(64 - values.length).fill(padding)], [4, 16]);

const expectSame = (got: tf.Tensor, expected: tf.Tensor): void => expectClose(got.dataSync(), expected.dataSync());

describeOnRuntimes(
  'a space with units',
  () => {
    it('measures mean and deviation, and encodes and decodes in their units', () => {
      const networks = instances();
      const space = makeSpace(networks);
      const [mean, deviation] = [padded(MEAN, 0), padded(DEVIATION, 1)];
      expectSame(space.normalization!.mean, mean);
      expectSame(space.normalization!.deviation, deviation);

      const batch = space.pack(networks);
      const { preps } = batch;
      const embeddings = encode(part(space, 'encoder/'), tf.div(tf.sub(preps, mean), deviation), space.config);
      expectSame(space.encode(networks), embeddings);
      expectSame(space.encode(batch), embeddings);
      const { preps: inside } = decode(part(space, 'decoder/'), embeddings, space.config);
      expectSame(space.decode(embeddings).preps, tf.add(tf.mul(inside, deviation), mean));
    });

    it('has units for each architecture, and decodes in those of the class head or of a ClassId', () => {
      const networks = [...instances(), pointAt(5), pointAt(9)];
      const space = makeBoth(networks); // ClassId 0 is the point: 7 ± 2
      const means = tf.stack([padded([7], 0), padded(MEAN, 0)]) as tf.Tensor3D;
      const deviations = tf.stack([padded([2], 1), padded(DEVIATION, 1)]) as tf.Tensor3D;
      expectSame(space.normalization!.mean, means);
      expectSame(space.normalization!.deviation, deviations);

      const batch = space.pack(networks);
      const { preps } = batch;
      const ids = [1, 1, 0, 0];
      const [mean, deviation] = [means, deviations].map((units) => tf.gather(units, tf.tensor1d(ids, 'int32')));
      const embeddings = encode(part(space, 'encoder/'), tf.div(tf.sub(preps, mean!), deviation!), space.config);
      expectSame(space.encode(networks), embeddings);
      expect(batch.classIds).toEqual(ids);
      expectSame(space.encode(batch), embeddings);

      const { preps: inside, classLogits } = decode(part(space, 'decoder/'), embeddings, space.config);
      expectSame(space.decode(embeddings, { classIds: ids }).preps, tf.add(tf.mul(inside, deviation!), mean!));
      const chosen = [...tf.argMax(classLogits!, 1).dataSync()];
      expectSame(space.decode(embeddings).preps, space.decode(embeddings, { classIds: chosen }).preps);
      const [network] = space.instantiateAs(tf.slice(embeddings, 0, 1) as tf.Tensor2D, [0]);
      expectSame(network!.parameters[0]!, tf.add(tf.mul(tf.slice(inside, [0, 0, 0], [1, 1, 1]), 2), 7));
    });

    it('differentiates in the units that it decodes in, and leaks nothing', () => {
      const networks = [...instances(), pointAt(5), pointAt(9)];
      expectNoLeak(() => {
        const space = makeBoth(networks);
        const embedding = space.encode(networks.slice(2));
        const inside = (e: tf.Tensor) => decode(part(space, 'decoder/'), e as tf.Tensor2D, space.config);
        const head = tf.tidy(() => [...tf.argMax(inside(embedding).classLogits!, 1).dataSync()]);
        for (const options of [{}, { classIds: [0, 1] }]) {
          const slope = tf.grad((e) => tf.sum(space.decode(e as tf.Tensor2D, options).preps))(embedding);
          const expected = tf.tidy(() => {
            const deviation = tf.gather(space.normalization!.deviation, tf.tensor1d(options.classIds ?? head, 'int32'));
            return tf.grad((e) => tf.sum(tf.mul(inside(e).preps, deviation)))(embedding); // chain rule
          });
          expect(tf.tidy(() => tf.max(tf.abs(expected)).dataSync()[0])).toBeGreaterThan(1e-6);
          expectSame(slope, expected);
          tf.dispose([slope, expected]);
        }
        embedding.dispose();
        space.dispose();
      });
    });

    it('decodes near the network of each architecture that it starts from, and encodes as without', () => {
      const networks = [...instances(), pointAt(5), pointAt(9)];
      const [bestPoint, bestLine] = [networks[3]!, networks[1]!];
      const { space, plain } = makeStarting(networks, [bestLine, bestPoint]);
      const embeddings = space.encode([networks[0]!, networks[2]!]);
      expectSame(embeddings, plain.encode([networks[0]!, networks[2]!]));
      const decoded = space.instantiateAs(embeddings, [1, 0]);
      const started = [bestLine, bestPoint];
      decoded.forEach(({ parameters }, i) =>
        parameters.forEach((tensor, j) => {
          const far = tf.max(tf.abs(tf.sub(tensor, started[i]!.parameters[j]!))).dataSync()[0]!;
          expect(far).toBeLessThan(0.2);
        }),
      );
      // What the decoder adds to the start is in the architecture's units.
      const { preps: inside } = decode(part(space, 'decoder/'), embeddings, space.config);
      const ids = tf.tensor1d([1, 0], 'int32');
      const expected = tf.add(tf.mul(inside, tf.gather(space.normalization!.deviation, ids)), packPReps(started, prepShape));
      expectSame(space.decode(embeddings, { classIds: [1, 0] }).preps, expected);
    });

    it('starts near its instance, differentiates and leaks nothing', () => {
      const networks = instances();
      expectNoLeak(() => {
        const space = makeSpace(networks);
        const embedding = space.encode([networks[0]!]);
        const [network] = space.instantiateAs(embedding, [0]);
        expect(Math.abs(network!.parameters[1]!.dataSync()[1]! - 9)).toBeLessThan(0.1);
        const slope = tf.grad((e) => tf.sum(space.decode(e as tf.Tensor2D).preps))(embedding);
        expect(slope.dataSync().some((value) => value !== 0)).toBe(true);
        tf.dispose([embedding, slope, [...network!.parameters]]);
        space.dispose();
      });
    });

    it('is saved with its units, and with what it starts from', async () => {
      const networks = [...instances(), pointAt(5), pointAt(9)];
      const { space: starting, plain } = makeStarting(networks, [networks[3]!, networks[1]!]);
      for (const space of [makeSpace(instances()), plain, starting]) {
        const saved = await savedArtifacts(space);
        const loaded = await NetSpace.load(tf.io.fromMemory(saved), { architectures: space.architectures });
        expectSame(loaded.normalization!.deviation, space.normalization!.deviation);
        expect(loaded.normalization!.start === undefined).toBe(space !== starting);
        const embeddings = tf.ones([1, 64]) as tf.Tensor2D;
        expectSame(loaded.decode(embeddings).preps, space.decode(embeddings).preps);
      }
      const saved = await savedArtifacts(plain);
      saved.weightSpecs!.pop();
      await expect(NetSpace.load(tf.io.fromMemory(saved))).rejects.toThrow(/weightSpecs to be \d+ entries/);
    });

    it('frees what it starts from', () => {
      const networks = [...instances(), pointAt(5), pointAt(9)];
      expectNoLeak(() => Object.values(makeStarting(networks, [networks[3]!, networks[1]!])).forEach((space) => space.dispose()));
    });

    it('refuses an architecture without instances, statistics of another shape and PReps of unknown architecture', () => {
      const sizes = { prepShape, preset: 'tiny' } as const;
      const networks = instances();
      expect(() => new NetSpace({ ...sizes, architectures: [architecture, point], units: { of: networks } })).toThrow(/instances of point/);
      expect(() => new NetSpace({ ...sizes, architectures: [architecture], units: { of: [] } })).toThrow(/instances of line/);
      const small = { mean: tf.zeros<tf.Rank.R3>([1, 4, 8]), deviation: tf.ones<tf.Rank.R3>([1, 4, 8]) };
      expect(() => new NetSpace({ ...sizes, architectures: [architecture], units: small })).toThrow(/normalisation\/mean as \[1,4,16\]/);
      const fitting = { mean: tf.zeros<tf.Rank.R3>([1, 4, 16]), deviation: tf.ones<tf.Rank.R3>([1, 4, 16]) };
      expect(() => new NetSpace({ ...sizes, architectures: [architecture], units: { ...fitting, start: small.mean } })).toThrow(
        /normalisation\/start as \[1,4,16\]/,
      );
      const starting = {
        ...sizes,
        architectures: [architecture, point],
        start: { from: 'instances', instances: [networks[0]!, networks[1]!] },
      } as const;
      expect(() => new NetSpace({ ...starting, units: { of: [...networks, pointAt(1)] } })).toThrow(
        /one instance of point to start from, got 0/,
      );
      const both = makeBoth([...networks, pointAt(1)]);
      expect(() => both.encode({ ...both.pack(networks), classIds: [1] })).toThrow(
        /encode: expected one ClassId for each of 2 networks, got 1/,
      );
      expect(() => both.decode(tf.zeros([1, 64]), { classIds: [2] })).toThrow(/decode: expected a ClassId below 2, got 2/);
      const stranger = { ...networks[0]!, architecture: { ...architecture, name: 'stranger' } };
      expect(() => both.encode([stranger])).toThrow(/stranger/);
    });
  },
  { runtimes: ['cpu', 'wasm'] },
);
