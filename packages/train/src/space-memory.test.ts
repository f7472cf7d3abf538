import { type Dense, type Directions, resolveConfig } from '@netspace/model';
import { parameterCount, type PRepShape } from '@netspace/prep';
import { architectureByName } from '@netspace/zoo';
import { describeOnRuntimes } from '@netspace/testing';
import { expect, it } from 'vitest';

import { type SpaceTrainingSize, spaceTrainingMemory } from './space-memory.js';

const MEBIBYTE = 2 ** 20;

function estimate(
  names: readonly string[],
  {
    prepShape,
    preset,
    mebibytes = 0,
    directions,
    dense,
    embeddingSize,
    ...given
  }: {
    prepShape: PRepShape;
    preset: 'paper' | 'small' | 'tiny';
    mebibytes?: number;
    directions?: Directions;
    dense?: Dense;
    embeddingSize?: number;
  } & Partial<SpaceTrainingSize>,
) {
  const size = { networks: 8, nets: 8, between: 0, inputs: 64, grouping: 'auto', measured: 0, ...given } as const;
  const architectures = names.map(architectureByName);
  const space = resolveConfig({ prepShape, preset, classes: names.length, directions, dense, embeddingSize });
  return spaceTrainingMemory({ ...size, space, architectures, data: [new Uint8Array(mebibytes * MEBIBYTE)] })! / MEBIBYTE;
}

describeOnRuntimes(
  'spaceTrainingMemory',
  () => {
    const [lenet, resnet] = ['lenet-like-1x28x28-10', 'resnet8-3x32x32-10-w0.5'];
    const lenets = { prepShape: [8, 5560], preset: 'small', networks: 16 } as const;
    const resnets = { prepShape: [8, 2480], preset: 'small', mebibytes: 59 } as const;

    /** MiB at the highest of the process of a job of `netspace sweep --concurrency 1`, on `tensorflow` with one thread; 30 November 2026. */
    it.each([
      [
        'tiny',
        471,
        () => estimate(['lenet-like-1x28x28-10-w0.1'], { prepShape: [8, 88], preset: 'tiny', networks: 4, nets: 2, inputs: 4 }),
      ],
      ['LeNets', 636, () => estimate([lenet], { ...lenets, mebibytes: 6 })],
      ['LeNets by their weights', 601, () => estimate([lenet], { ...lenets, inputs: 0 })],
      ['ResNets', 1024, () => estimate([resnet], resnets)],
      ['ResNets on more images', 1365, () => estimate([resnet], { ...resnets, inputs: 128 })],
      ['ResNets that run apart', 1154, () => estimate([resnet], { ...resnets, inputs: 256 })],
      ['seats', 548, () => estimate(['siren-3-64x1-1'], { prepShape: [64, 72], preset: 'small', networks: 24, nets: 12, inputs: 192 })],
      ["a space of the paper's sizes", 1271, () => estimate([lenet], { ...lenets, preset: 'paper', nets: 4, inputs: 32 })],
    ])('is no less than the training of %s took, %d MiB, and at most three fifths more', (_, measured, estimated) => {
      const mebibytes = estimated();
      expect(mebibytes).toBeGreaterThan(measured);
      expect(mebibytes).toBeLessThan(1.6 * measured);
    });

    it('has the embeddings that are trained, 14 times', () => {
      const added = estimate([lenet], { ...lenets, free: true }) - estimate([lenet], lenets);
      const { embeddingSize } = resolveConfig({ prepShape: [8, 5560], preset: 'small', classes: 1 });
      expect(added).toBeCloseTo((14 * 16 * embeddingSize * 4) / MEBIBYTE, 6);
    });

    it('has the weights of dense layers 14 times, those of the largest 14 times more, and what they give for each network 5 times', () => {
      const of = (units: number) => estimate([lenet], { ...lenets, dense: { layers: 1, units } });
      expect(of(101) - of(100)).toBeCloseTo(((14 * (256 + 1 + 2 * 8 * 5560) + 5 * 8) * 4) / MEBIBYTE, 6);
    });

    // Peaks of `netspace train` on tensorflow with one thread, by /usr/bin/time: PReps of 8 × 576, 12 steps of 4 SIRENs on 128 points.
    it.each([
      [{ layers: 2, units: 512 }, 755],
      [{ layers: 2, units: 1024 }, 1158],
      [{ layers: 2, units: 2048 }, 1815],
      [{ layers: 2, units: 3072 }, 2666],
      [{ layers: 1, units: 4096 }, 2478],
      [{ layers: 20, units: 800 }, 1426],
    ])('is within 15 % of what was measured with dense layers %j', (dense, peak) => {
      const size = { prepShape: [8, 576], preset: 'small', embeddingSize: 512, dense } as const;
      const guess = estimate(['siren-3-8x0-1'], { ...size, networks: 4, free: true, nets: 4, inputs: 128 });
      expect(Math.abs(guess / peak - 1)).toBeLessThan(0.15);
    });

    it('has the directions of a space twice, as many as its largest architecture has parameters', () => {
      const added = estimate([lenet], { ...lenets, directions: { scale: 3, seed: 0 } }) - estimate([lenet], lenets);
      const { embeddingSize } = resolveConfig({ prepShape: [8, 5560], preset: 'small' });
      const parameters = parameterCount(architectureByName(lenet).parameters);
      expect(added).toBeCloseTo((2 * embeddingSize * parameters * 4) / MEBIBYTE, 6);
    });

    it('grows with networks between, and with what a space is measured on', () => {
      const one = estimate([resnet], resnets);
      expect(estimate([resnet], { ...resnets, between: 8 })).toBeGreaterThan(one + 8 * 7 * 11);
      expect(estimate([resnet], { ...resnets, inputs: 4, nets: 2, measured: 250 })).toBeGreaterThan(544 + 7 * 44);
    });
  },
  { runtimes: ['cpu'] },
);
