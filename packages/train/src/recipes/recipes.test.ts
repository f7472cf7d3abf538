import { describeOnRuntimes } from '@netspace/testing';
import { disposeInstances, type StepProgress } from '@netspace/prep';
import { boxMesh, sampleSdf, sphereMesh } from '@netspace/shapes';
import { lenetLike, memoryFiles, openInstanceStore, resnet8, siren, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { loadMnist } from '@netspace/node';
import { buildShapeZoo } from './build-shape-zoo.js';
import { buildZoo } from './build-zoo.js';
import { adam } from '@netspace/model';
import { fit } from '../instances/fit.js';
import { fitSdf } from '../instances/fit-sdf.js';
import { trainInstance, type TrainedInstance, type TrainInstanceOptions } from '../instances/train-instance.js';
import type { ZooRecipe } from './zoo-recipe.js';

let train: ImageDataset;
let test: ImageDataset;
beforeAll(async () => void ({ train, test } = await loadMnist({ train: 1000, test: 200 })));

const small = lenetLike({ channels: 1, size: 28, width: 0.25 });

async function collect(options: Omit<TrainInstanceOptions, 'train' | 'test'>): Promise<(TrainedInstance & { values: number[][] })[]> {
  const all = [];
  for await (const trained of trainInstance({ ...options, train, test })) {
    const values = trained.instance.parameters.map((tensor) => [...tensor.dataSync()]);
    disposeInstances([trained.instance]);
    all.push({ ...trained, values });
  }
  return all;
}

describeOnRuntimes(
  'recipes',
  () => {
    describe('trainInstance', () => {
      it('learns digits, and says so at each length', async () => {
        const before = tf.memory().numTensors;
        const trained = await collect({ architecture: small, lengths: [0.2, 4], batchSize: 50, seed: 1 });
        expect(trained.map(({ length, steps, epochs }) => [length, steps, epochs])).toEqual([
          [0.2, 4, 0.2],
          [4, 80, 4],
        ]);
        expect(trained[0]!.metrics.testAccuracy).toBeLessThan(0.4);
        expect(trained[1]!.metrics.testAccuracy).toBeGreaterThan(0.5);
        expect(trained[1]!.metrics.trainLoss).toBeLessThan(trained[0]!.metrics.trainLoss);
        expect(tf.memory().numTensors).toBe(before);
      });

      it('gives the same snapshot whether it goes on afterwards or not, another for another seed', async () => {
        const options = { architecture: small, unit: 'steps', batchSize: 20 } as const;
        const [both, alone, other] = [
          await collect({ ...options, lengths: [2, 3] }),
          await collect({ ...options, lengths: [2] }),
          await collect({ ...options, lengths: [2], seed: 1 }),
        ];
        expect(both[0]!.values).toEqual(alone[0]!.values);
        expect(both[1]!.values).not.toEqual(alone[0]!.values);
        expect(other[0]!.values).not.toEqual(alone[0]!.values);
      });

      it('folds the batch norm of a ResNet, augments, and follows a schedule', async () => {
        const architecture = resnet8({ channels: 1, size: 28, width: 0.125 });
        const learningRate = { kind: 'steps', learningRate: 0.05, milestones: [1], factor: 0.1 } as const;
        const optimizer = { kind: 'sgd', learningRate, momentum: 0.9, weightDecay: 5e-4 } as const;
        const before = tf.memory().numTensors;
        const options = {
          architecture,
          optimizer,
          unit: 'steps',
          lengths: [2],
          batchSize: 8,
          augment: { flip: false, padding: 2 },
        } as const;
        const [trained] = await collect(options);
        expect(trained!.values).toHaveLength(architecture.parameters.length);
        expect(trained!.values.flat().every(Number.isFinite)).toBe(true);
        expect(tf.memory().numTensors).toBe(before);
        const [slower] = await collect({ ...options, optimizer: { ...optimizer, learningRate: 0.05 } });
        expect(slower!.values).not.toEqual(trained!.values);
      });

      it('stops when its signal says so, and refuses what it cannot train', async () => {
        const controller = new AbortController();
        const onStep = ({ step }: StepProgress) => step === 2 && controller.abort();
        const options = { architecture: small, unit: 'steps', batchSize: 4 } as const;
        const before = tf.memory().numTensors;
        const stopped = collect({ ...options, lengths: [9], signal: controller.signal, onStep });
        await expect(stopped).rejects.toMatchObject({ code: 'ABORTED', message: /trainInstance: stopped by its signal after step 2 of 9/ });
        await expect(collect({ ...options, lengths: [2, 1] })).rejects.toThrow(
          /lengths that ascend and are at least one step, got \[2,1\]/,
        );
        await expect(collect({ ...options, lengths: [] })).rejects.toThrow(/lengths that ascend/);
        const other = lenetLike({ channels: 1, size: 28, width: 0.1, classes: 3 });
        await expect(collect({ ...options, architecture: other, lengths: [1] })).rejects.toThrow(
          /to have 10 outputs for mnist-train, got \[1,3\]/,
        );
        expect(tf.memory().numTensors).toBe(before);
      });
    });

    it('fit leaks no tensor where the loss throws', async () => {
      const start = [tf.ones([3, 3, 1, 2])];
      const images = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
      const loss = ([kernel]: readonly tf.Variable[], step: number): tf.Scalar => {
        const value = tf.mean(tf.square(tf.relu(tf.conv2d(images, kernel as unknown as tf.Tensor4D, 1, 'same')))) as tf.Scalar;
        if (step === 1) throw new Error('in the middle of a gradient');
        return value;
      };
      const before = tf.memory().numTensors;
      const run = async () => {
        for await (const _ of fit({ name: 'test', start, loss, optimizer: adam({ learningRate: 0.1 }), stops: [3] }));
      };
      await expect(run()).rejects.toThrow('in the middle of a gradient');
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([start, images]);
    });

    it('fitSdf brings a SIREN close to a sphere', async () => {
      const samples = await sampleSdf(sphereMesh({ radius: 0.4 }), { count: 600, seed: 1 });
      const architecture = siren({ hidden: 16 });
      const before = tf.memory().numTensors;
      const [short, long] = [
        await fitSdf({ samples, architecture, steps: 1, learningRate: 1e-3 }),
        await fitSdf({ samples, architecture, steps: 60, learningRate: 1e-3 }),
      ];
      expect(long.metrics.mse).toBeLessThan(short.metrics.mse / 4);
      const from = { samples, architecture, steps: 1, learningRate: 1e-6, start: long.instance };
      const further = await fitSdf(from);
      expect(further.metrics.mse / long.metrics.mse).toBeCloseTo(1, 2); // it is still there: a fit of its own starts at `short`
      expect(further.instance.parameters[0]!.dataSync()).not.toEqual(long.instance.parameters[0]!.dataSync());
      await expect(fitSdf({ ...from, architecture: siren({ hidden: 8 }) })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
      disposeInstances([short, long, further].map(({ instance }) => instance));
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  { runtimes: ['wasm'] },
);

describeOnRuntimes(
  'buildShapeZoo',
  () => {
    it('fits each mesh once, under its name', async () => {
      const store = openInstanceStore(memoryFiles());
      const recipe = { kind: 'shapes', architecture: 'siren-3-8x1-1', samples: 100, steps: 2, batchSize: 50 } as const;
      const meshes = [
        { name: 'ball', mesh: sphereMesh({ radius: 0.3 }) },
        { name: 'box', mesh: boxMesh() },
      ];
      const added: unknown[] = [];
      for await (const { done, total, record } of buildShapeZoo(recipe, { store, meshes })) added.push([done, total, record.name]);
      expect(added).toEqual([
        [1, 2, 'ball'],
        [2, 2, 'box'],
      ]);
      expect((await store.list())[0]).toMatchObject({
        architecture: 'siren-3-8x1-1',
        epochs: 1,
        metrics: { mse: expect.any(Number) as number },
      });
      expect((await buildShapeZoo(recipe, { store, meshes }).next()).done).toBe(true);
      const start = { architecture: siren({ hidden: 8 }), parameters: (await store.load('ball')).parameters };
      const onwards = openInstanceStore(memoryFiles());
      for await (const _ of buildShapeZoo({ ...recipe, learningRate: 1e-6 }, { store: onwards, meshes, start }));
      const [begun, box] = [start, await onwards.load('box')].map(({ parameters }) => parameters[0]!.dataSync());
      expect(Math.max(...Array.from(box!, (value, i) => Math.abs(value - begun![i]!)))).toBeLessThan(1e-5);
      const around = openInstanceStore(memoryFiles()); // points drawn elsewhere make another network
      for await (const _ of buildShapeZoo({ ...recipe, nearSurface: 0.1, bounds: 0.7 }, { store: around, meshes }));
      expect((await around.list())[0]?.sha256).not.toBe((await store.list())[0]?.sha256);
      const wrong = buildShapeZoo({ ...recipe, steps: 0 }, { store, meshes }).next();
      await expect(wrong).rejects.toThrow('buildShapeZoo: recipe: expected steps to be a positive integer, got 0');
      const classifier = { ...recipe, architecture: 'lenet-like-1x28x28-10-w0.1' };
      await expect(buildShapeZoo(classifier, { store, meshes }).next()).rejects.toThrow(
        /three coordinates to one distance, got lenet-like/,
      );
      await expect(buildShapeZoo({ ...recipe, samples: 1e9 }, { store, meshes }).next()).rejects.toThrow(/samples to be .* up to 1e7/);
    });
  },
  { runtimes: ['wasm'] },
);

describeOnRuntimes(
  'buildZoo',
  () => {
    const group = { architecture: 'lenet-like-1x28x28-10-w0.1', unit: 'steps', batchSize: 10 } as const;
    const recipe: ZooRecipe = {
      groups: [
        { ...group, seeds: 2, lengths: [1, 3] },
        { ...group, seeds: [5], lengths: [1, 2], snapshots: false, prefix: 'apart-', optimizer: { kind: 'adam', learningRate: 1e-3 } },
      ],
    };
    const names = ['-s0-n1', '-s0-n3', '-s1-n1', '-s1-n3'].map((end) => group.architecture + end);
    names.push(...['-s5-n1', '-s5-n2'].map((end) => `apart-${group.architecture}${end}`));
    const hashes = async (store: ReturnType<typeof openInstanceStore>) =>
      new Map((await store.list()).map(({ name, sha256 }) => [name, sha256]));

    it('fills a store with deterministic names and metrics', async () => {
      const store = openInstanceStore(memoryFiles());
      const before = tf.memory().numTensors;
      const steps: string[] = [];
      const onStep = (p: { done: number; seed: number; step: number; steps: number }) =>
        steps.push(`${p.done} ${p.seed} ${p.step}/${p.steps}`);
      const added = [];
      for await (const { done, total, record } of buildZoo(recipe, { store, train, test, onStep })) added.push([done, total, record.name]);
      expect(added).toEqual(names.map((name, i) => [i + 1, 6, name]));
      expect(steps.slice(0, 4)).toEqual(['0 0 1/3', '1 0 2/3', '1 0 3/3', '2 1 1/3']);
      expect((await store.list())[1]).toMatchObject({
        epochs: 0.03,
        seed: 0,
        classId: 0,
        metrics: { testAccuracy: expect.any(Number) as number },
      });
      expect(tf.memory().numTensors).toBe(before);
    });

    it('trains architectures of other names that are given', async () => {
      const mine = { ...small, name: 'mine' };
      const store = openInstanceStore(memoryFiles(), { resolve: () => mine });
      const recipe = { groups: [{ architecture: 'mine', lengths: [1], unit: 'steps', batchSize: 4 }] } as const;
      await expect(buildZoo(recipe, { store, train, test }).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
      for await (const { record } of buildZoo(recipe, { store, train, test, architectures: [mine] }))
        expect(record.architecture).toBe('mine');
      expect(await store.list()).toHaveLength(1);
    });

    it('goes on where it was interrupted, and the zoo is the same', async () => {
      const whole = openInstanceStore(memoryFiles());
      for await (const _ of buildZoo(recipe, { store: whole, train, test }));
      const store = openInstanceStore(memoryFiles());
      const controller = new AbortController();
      const interrupted = async () => {
        for await (const { done } of buildZoo(recipe, { store, train, test, signal: controller.signal }))
          if (done === 3) controller.abort();
      };
      await expect(interrupted()).rejects.toMatchObject({ code: 'ABORTED' });
      expect((await store.list()).map(({ name }) => name)).toEqual(names.slice(0, 3));
      const rest = [];
      for await (const { record } of buildZoo(recipe, { store, train, test })) rest.push(record.name);
      expect(rest).toEqual(names.slice(3));
      expect(await hashes(store)).toEqual(await hashes(whole));
    });

    it('is shared by two builders of one recipe, who both end well', async () => {
      const [store, alone] = [openInstanceStore(memoryFiles()), openInstanceStore(memoryFiles())];
      const added: string[] = [];
      const build = async () => {
        for await (const { record } of buildZoo(recipe, { store, train, test })) added.push(record.name);
      };
      await Promise.all([build(), build()]);
      expect(added.sort()).toEqual([...names].sort()); // each once, whoever was first
      for await (const _ of buildZoo(recipe, { store: alone, train, test }));
      expect(new Map([...(await hashes(store))].sort())).toEqual(new Map([...(await hashes(alone))].sort()));
    });

    it('refuses before the first step what a later run would be refused for', async () => {
      const store = openInstanceStore(memoryFiles());
      const good = { ...group, lengths: [1] };
      let steps = 0;
      const refused = (second: object) =>
        buildZoo({ groups: [good, second] } as ZooRecipe, { store, train, test, onStep: () => steps++ })
          .next()
          .then(
            () => 'built',
            (error: unknown) => (error as { code: string }).code,
          );
      expect({
        name: await refused({ ...good, prefix: '-a-' }),
        longName: await refused({ ...good, prefix: 'x'.repeat(120) }),
        imageSize: await refused({ ...good, architecture: 'lenet-like-3x32x32-10' }),
        classes: await refused({ ...good, architecture: 'lenet-like-1x28x28-200-w0.1' }),
        architectureSize: await refused({ ...good, architecture: 'siren-3-65536x1000-1' }),
        batch: await refused({ ...good, prefix: 'b', batchSize: 1001 }),
        lengths: await refused({ ...good, prefix: 'c', unit: 'epochs', lengths: [0.001, 0.002] }),
        seed: await refused({ ...good, prefix: 'd', seeds: [2 ** 53] }),
        number: await refused({ ...good, prefix: 'e', seeds: 300_000_000 }),
        length: await refused({ ...good, prefix: 'f', lengths: [1e300] }),
      }).toEqual({
        ...{ name: 'INVALID_OPTION', longName: 'INVALID_OPTION', imageSize: 'SHAPE_MISMATCH', classes: 'SHAPE_MISMATCH' },
        ...{ architectureSize: 'LIMIT_EXCEEDED', batch: 'INVALID_OPTION', lengths: 'INVALID_OPTION', seed: 'INVALID_OPTION' },
        ...{ number: 'LIMIT_EXCEEDED', length: 'INVALID_OPTION' },
      });
      expect(steps).toBe(0);
      expect(await store.list()).toEqual([]);
    });

    it('names what is wrong with a recipe', async () => {
      const store = openInstanceStore(memoryFiles());
      const build = (groups: unknown) => buildZoo({ groups } as ZooRecipe, { store, train, test }).next();
      await expect(build([])).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: /buildZoo: recipe: expected groups to be a list of at least one group, got \[\]/,
      });
      await expect(build([{ ...group, lengths: [1], lenghts: [2] }])).rejects.toThrow(
        /unknown option groups\.0\.lenghts; did you mean lengths\?/,
      );
      await expect(build([{ ...group, lengths: ['long'] }])).rejects.toThrow(
        /expected groups\.0\.lengths\.0 to be a positive number up to 1e9, got 'long'/,
      );
      await expect(build([{ ...group, lengths: [2, 1] }])).rejects.toThrow(/expected ascending lengths/);
      await expect(
        build([
          { ...group, lengths: [1] },
          { ...group, lengths: [1] },
        ]),
      ).rejects.toThrow(/two instances would be named/);
      await expect(build([{ ...group, architecture: 'alexnet', lengths: [1] }])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  },
  { runtimes: ['wasm'] },
);
