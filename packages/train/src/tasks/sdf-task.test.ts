import { clampedSdfLoss } from '@netspace/losses';
import { NetSpace } from '@netspace/model';
import { requiredPRepShape, type Instance } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { sdfTask } from './sdf-task.js';

const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
const architecture = siren({ hidden: 8 });
/** "Near" the first network's surface: x from 3 on, the second's: up to -3; outside of the cube, to be told from what is drawn from it. */
const near = [1, -1].map((sign) => Float32Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? sign * (3 + i / 3) : 0)));
const INPUTS = 8;

describeOnRuntimes('sdfTask', () => {
  it.each([
    // Own and the other's near points among those that a network sees.
    { points: 'shared', common: 8, own: [2, 2] },
    { points: 'own', common: 0, own: [4, 0] },
    // 4 of all, a quarter of them near each; 4 of its own, half of them near its own.
    { points: 'both', common: 4, own: [3, 1] },
    { points: 'own', common: 0, own: [4, 0], clamp: 0.1 },
  ] as const)(
    'shows networks $points points, and compares them with their targets there, up to $clamp',
    ({ points, common, own, ...rest }) => {
      const seen: number[][][] = [];
      const instances = [1, 2].map((seed): Instance => {
        const apply: Instance['architecture']['apply'] = (parameters, x) => {
          seen.push(x.arraySync() as number[][]);
          return architecture.apply(parameters, x);
        };
        return { architecture: { ...architecture, apply }, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) };
      });
      const prepShape = requiredPRepShape(architecture, { width: 64 });
      const space = new NetSpace({ architectures: [architecture], prepShape, ...sizes, seed: 1 });
      const known = instances.map(({ parameters }) => ({ architecture, parameters }));
      const loss = tf.tidy(() => {
        const run = sdfTask(
          { bounds: 0.6, grouping: 'auto', kind: 'sdf', near, points, ...rest },
          { space, architectures: space.architectures, instances, inputs: INPUTS, nets: 2, steps: 1, seed: 0 },
        );
        return run.prepare(0, [0, 1])(space.pack(known), space.encode(known))[0]!.dataSync()[0]!;
      });

      const [first, second] = seen as [number[][], number[][]];
      expect(first).toHaveLength(INPUTS);
      expect(second).toHaveLength(INPUTS);
      expect(first.filter((point) => second.some((other) => String(other) === String(point)))).toHaveLength(common);
      expect([first.filter(([x]) => x! > 2).length, first.filter(([x]) => x! < -2).length]).toEqual(own);
      expect([second.filter(([x]) => x! < -2).length, second.filter(([x]) => x! > 2).length]).toEqual(own);

      const predicted = space.instantiateAs(space.encode(known), [0, 0]);
      const distances = tf.tidy(() =>
        known.map((target, i) => {
          const x = tf.tensor2d(seen[i]!);
          const [values, wanted] = [predicted[i]!, target].map(({ parameters }) => architecture.apply(parameters, x));
          if ('clamp' in rest) return clampedSdfLoss(values!, wanted!, rest).dataSync()[0]!;
          return tf.mean(tf.square(tf.sub(values!, wanted!))).dataSync()[0]!;
        }),
      );
      expect(loss / ((distances[0]! + distances[1]!) / 2)).toBeCloseTo(1, 4);
      space.dispose();
    },
  );

  it('finds the points near surfaces by the targets themselves, the same ones whichever are asked for', async () => {
    const seen: number[][][] = [];
    const walls = [-0.3, 0.4].map((at): Instance => {
      const apply: Instance['architecture']['apply'] = (_, x) => {
        if (x.shape[0] === INPUTS) seen.push(x.arraySync() as number[][]);
        return tf.sub(tf.slice(x, [0, 0], [-1, 1]), at);
      };
      return { architecture: { name: `wall-${at}`, parameters: [], apply }, parameters: [] };
    });
    const space = new NetSpace({ architectures: [architecture], prepShape: requiredPRepShape(architecture, { width: 64 }), ...sizes });
    const tensors = tf.memory().numTensors;
    const told: number[][] = [];
    const run = async (nets: readonly number[]) => {
      const task = sdfTask(
        { bounds: 0.6, grouping: 'auto', kind: 'sdf', near: 'targets', points: 'own' },
        { space, architectures: space.architectures, instances: walls, inputs: INPUTS, nets: 2, steps: 1, seed: 0 },
      );
      await task.runTargets!(nets, (...counts) => {
        told.push(counts);
        return Promise.resolve();
      });
      tf.tidy(() => void task.prepare(0, nets));
      return task.description;
    };
    expect(await run([0, 1])).toMatchObject({ kind: 'sdf', near: 'targets' });
    expect(told).toEqual([[0, 2], [1, 2], [2, 2]]); // prettier-ignore
    const isNear = (at: number) => (points: number[][]) => points.map(([x]) => Math.abs(x! - at) < 0.051); // a twelfth of the cube
    expect(isNear(-0.3)(seen[0]!).slice(0, INPUTS / 2)).toEqual(Array(INPUTS / 2).fill(true));
    expect(isNear(0.4)(seen[1]!).slice(0, INPUTS / 2)).toEqual(Array(INPUTS / 2).fill(true));
    expect(isNear(-0.3)(seen[0]!).slice(INPUTS / 2)).toContain(false);
    const [first] = seen.splice(0);
    await run([0]);
    expect(seen[0]).toEqual(first); // as after a resumption that needs fewer
    expect(tf.memory().numTensors).toBe(tensors);
    space.dispose();
  });
});
