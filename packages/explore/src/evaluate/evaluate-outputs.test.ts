import { NetSpace } from '@netspace/model';
import { describeOnRuntimes } from '@netspace/testing';
import type { Architecture, Instance } from '@netspace/prep';
import { createTensorDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { evaluateOutputs } from './evaluate-outputs.js';

/** w · x + b of one number, whose errors a reader can check. */
const line: Architecture = {
  name: 'line',
  purpose: 'regressor',
  parameters: [
    { name: 'w', shape: [1, 1] },
    { name: 'b', shape: [1] },
  ],
  apply: ([w, b], x) => tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b!),
};
const ofLine = (w: number, b: number): Instance => ({ architecture: line, parameters: [tf.tensor2d([[w]]), tf.tensor1d([b])] });
const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
const x = createTensorDataset({ name: 'x', inputs: Float32Array.of(-1, 0, 1), shape: [1], targets: Float32Array.of(-1, 0, 2), targetShape: [1] }); // prettier-ignore

describeOnRuntimes(
  'evaluateOutputs',
  () => {
    it('measures what the formula of the predicted network gives', async () => {
      const space = new NetSpace({ architectures: [line], prepShape: [4, 8], ...sizes, seed: 1 });
      const target = ofLine(2, 1); // -1, 1, 3: mean 1, Σ(y - ȳ)² = 8
      const [network] = space.instantiateAs(space.encode([target]), [0]);
      const [w, b] = network!.parameters.map((tensor) => tensor.dataSync()[0]!) as [number, number];
      const squares = [-1, 0, 1].map((at) => (w * at + b - (2 * at + 1)) ** 2);
      const sum = squares.reduce((total, square) => total + square, 0);
      const entries = [{ name: 'net', instance: target }];
      const { instances, summary, remarks, targetR2 } = await evaluateOutputs(space, entries, x);
      expect(targetR2).toBeNull();
      const row = instances[0]!;
      expect(row.mse / (sum / 3)).toBeCloseTo(1, 5);
      expect(row.r2! / (1 - sum / 8)).toBeCloseTo(1, 5);
      expect(row.targetMse).toBeCloseTo((0 + 1 + 1) / 3, 6);
      expect(summary).toMatchObject({ count: 1, meanMse: row.mse, meanR2: row.r2, meanTargetMse: row.targetMse });
      expect(remarks).toEqual([]);
      const three = [ofLine(2, 1), ofLine(1, 1), ofLine(2, 1)].map((instance) => ({ name: 'net', instance }));
      // 0, 1, 2 has Σ(y - ȳ)² = 2, and is off from -1, 1, 3 by Σ = 2: 1 - 2 / 2, then 1 - 2 / 8.
      expect((await evaluateOutputs(space, three, x)).targetR2).toBeCloseTo((0 + 0.75) / 2, 6);
      const colors = await evaluateOutputs(space, entries, x, { task: 'rgb', peak: 2 });
      expect(colors.instances[0]!.psnr).toBeCloseTo(10 * Math.log10(4 / row.mse), 8);
      const filled = await evaluateOutputs(space, entries, x, { task: 'occupancy' });
      const inside = [-1, 0, 1].map((at) => [w * at + b > 0, 2 * at + 1 > 0] as const);
      const [both, either] = [inside.filter(([p, t]) => p && t), inside.filter(([p, t]) => p || t)];
      expect(filled.instances[0]!.iou).toBe(both.length / either.length);
      space.dispose();
    });
    it('says of constant outputs that R² means nothing, and refuses occupancy of probabilities', async () => {
      const space = new NetSpace({ architectures: [line], prepShape: [4, 8], ...sizes, seed: 1 });
      const entries = [{ name: 'flat', instance: ofLine(0, 0.5) }];
      const { instances, remarks } = await evaluateOutputs(space, entries, x);
      expect(instances[0]!.r2).toBeNull();
      expect(remarks.join()).toMatch(/R² means nothing for 1 of 1/);
      await expect(evaluateOutputs(space, entries, x, { task: 'occupancy' })).rejects.toThrow(/from 0\.5 to 0\.5 of flat, as of a sigmoid/);
      await expect(evaluateOutputs(space, entries, x, { refine: { inputs: x } })).rejects.toThrow(
        /other .* than those that it measures on/,
      );
      space.dispose();
    });
  },
  { runtimes: ['cpu'] },
);
