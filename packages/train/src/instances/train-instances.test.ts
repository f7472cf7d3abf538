import { disposeInstances, type Architecture } from '@netspace/prep';
import { describeOnRuntimes, twoHeads } from '@netspace/testing';
import { createImageDataset, createTensorDataset, lenetLike, memoryFiles, openInstanceStore, resnet8, vanillaCnn } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { buildZoo } from '../recipes/build-zoo.js';
import { fitSdf } from './fit-sdf.js';
import { fitSdfs } from './fit-sdfs.js';
import { trainInstance } from './train-instance.js';
import { trainInstances, type TrainInstancesOptions } from './train-instances.js';
import { trainRegressor } from './train-regressor.js';

const dataset = createImageDataset({
  ...{ name: 'noise', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.25] },
  images: Uint8Array.from({ length: 12 * 169 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
  labels: Uint8Array.from({ length: 12 }, (_, i) => i % 3),
});
const task = { channels: 1, size: 13, classes: 3 } as const;
const shared = { train: dataset, test: dataset, unit: 'steps', batchSize: 4 } as const;
const descent = (learningRate: number, momentum: number, weightDecay: number) =>
  ({ kind: 'sgd', learningRate, momentum, weightDecay }) as const;
const lenet = lenetLike({ ...task, width: 0.25 });

interface Values {
  readonly network: number;
  readonly length: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly values: readonly Float32Array[];
}

async function together(options: Omit<TrainInstancesOptions, keyof typeof shared>) {
  const all: Values[] = [];
  for await (const { network, length, metrics, instance } of trainInstances({ ...options, ...shared })) {
    const values = instance.parameters.map((tensor) => Float32Array.from(tensor.dataSync()));
    all.push({ network, length, loss: metrics.trainLoss, accuracy: metrics.testAccuracy, values });
    disposeInstances([instance]);
  }
  return all;
}

type Alone = Pick<TrainInstancesOptions, 'architecture' | 'networks' | 'augment'> & { readonly lengths: readonly number[] };

async function alone(options: Alone) {
  const all: Values[] = [];
  const { networks, ...same } = options;
  for (const [network, { lengths = same.lengths, ...own }] of networks.entries()) {
    for await (const { length, metrics, instance } of trainInstance({ ...same, ...shared, ...own, lengths })) {
      const values = instance.parameters.map((tensor) => Float32Array.from(tensor.dataSync()));
      all.push({ network, length, loss: metrics.trainLoss, accuracy: metrics.testAccuracy, values });
      disposeInstances([instance]);
    }
  }
  return all.sort((a, b) => a.length - b.length || a.network - b.network);
}

const caught = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  );

describeOnRuntimes('trainInstances', (runtime) => {
  const adam = (learningRate: number) => ({ kind: 'adam', learningRate }) as const;
  const sgds = [descent(0.05, 0.9, 5e-4), descent(0.01, 0, 0.1), descent(0.02, 0.5, 0)];
  const other: Architecture = { ...lenet, name: 'of another origin' }; // the zoo does not know its layers
  const cases = [
    { what: 'a LeNet', architecture: lenet, optimizers: sgds.slice(0, 2), augment: undefined },
    { what: 'an architecture of another origin', architecture: other, optimizers: [adam(1e-3), adam(1e-2)], augment: undefined },
    { what: 'a VanillaCNN', architecture: vanillaCnn({ ...task, width: 0.25 }), optimizers: [adam(1e-3), adam(1e-2)], augment: undefined },
    {
      ...{ what: 'a ResNet with batch norm, augmented', architecture: resnet8({ ...task, width: 0.125 }) },
      ...{ optimizers: sgds, augment: { padding: 2, flip: true } },
    },
  ];
  it.each(runtime === 'wasm' ? cases : cases.slice(0, 2))(
    'gives what trainInstance gives, network by network: $what',
    async ({ architecture, optimizers, augment }) => {
      const networks = optimizers.map((optimizer, i) => ({ seed: 3 * i + 1, optimizer, ...(i === 0 && { lengths: [2] }) })); // leaves the others
      const options = { architecture, networks, lengths: [1, 3], augment };
      const before = tf.memory().numTensors;
      const [many, each] = [await together(options), await alone(options)];
      expect(tf.memory().numTensors).toBe(before);
      expect(many.map(({ network, length }) => [network, length])).toEqual(each.map(({ network, length }) => [network, length]));
      for (const [i, one] of many.entries()) {
        expect(one.loss).toBeCloseTo(each[i]!.loss, 4);
        expect(one.accuracy).toBe(each[i]!.accuracy);
        one.values.forEach((values, j) => {
          const expected = each[i]!.values[j]!;
          const scale = Math.max(1e-2, ...expected.map(Math.abs));
          expect(Math.max(...values.map((value, at) => Math.abs(value - expected[at]!))) / scale).toBeLessThan(2e-4);
        });
      }
    },
  );

  it('goes on without a network that diverges, whose numbers reach no other', async () => {
    const networks = [descent(0.05, 0.9, 0), descent(1e30, 0, 0), descent(0.01, 0, 0)].map((optimizer, seed) => ({ seed, optimizer }));
    for (const architecture of runtime === 'wasm' ? [lenet, resnet8({ ...task, width: 0.125 })] : [lenet]) {
      const options = { architecture, lengths: [2, 3] };
      const before = tf.memory().numTensors;
      const all: number[][] = [];
      const values = new Map<number, Float32Array>();
      const error = await caught(
        (async () => {
          for await (const { network, length, instance } of trainInstances({ ...options, ...shared, networks })) {
            all.push([network, length]);
            values.set(network, Float32Array.from(instance.parameters[0]!.dataSync()));
            disposeInstances([instance]);
          }
        })(),
      );
      expect(all.filter(([, length]) => length === 3)).toEqual([[0, 3], [2, 3]]); // prettier-ignore
      expect(error).toMatchObject({ code: 'DIVERGED', message: expect.stringMatching(/trainInstances: 1 training run .*network 1 of seed 1/) as string }); // prettier-ignore
      const sound = await together({ ...options, networks: networks.map((one, i) => (i === 1 ? { ...one, optimizer: sgds[0]! } : one)) });
      for (const network of [0, 2]) {
        expect(values.get(network)).toEqual(sound.find((one) => one.network === network && one.length === 3)!.values[0]);
      }
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it('ends at once if all have diverged, and when its signal says so', async () => {
    const before = tf.memory().numTensors;
    const networks = [0, 1].map((seed) => ({ seed, optimizer: descent(1e30, 0, 0) }));
    const tiny = lenetLike({ ...task, width: 0.05 });
    let steps = 0;
    const error = await caught(together({ architecture: tiny, networks, lengths: [60], onStep: () => steps++ }));
    expect(error).toMatchObject({ code: 'DIVERGED', message: expect.stringMatching(/2 training runs diverged/) as string });
    expect(steps).toBe(50);
    const controller = new AbortController();
    const onStep = ({ step }: { step: number }) => step === 2 && controller.abort();
    const stopped = together({ architecture: lenet, networks: [{}, {}], lengths: [9], signal: controller.signal, onStep });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED', message: /trainInstances: stopped by its signal after step 2 of 9/ });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what it cannot train, by name', async () => {
    const before = tf.memory().numTensors;
    const refused = (options: object) => expect(together({ architecture: lenet, lengths: [1], networks: [{}], ...options })).rejects;
    await refused({ networks: [] }).toThrow(/trainInstances: expected networks to be a list of at least one network/);
    await refused({ lengths: undefined }).toThrow(/expected lengths for network 0, got none; give lengths for all/);
    await refused({ networks: [{ sed: 1 }] }).toThrow(/unknown option networks\.0\.sed; did you mean seed\?/);
    await refused({ networks: [{ optimizer: adam(1) }, {}] }).toThrow(/expected optimizers of one kind, got 1 of sgd and 1 of adam/);
    await refused({ lengths: [2, 1] }).toThrow(/trainInstances: expected lengths that ascend/);
    await refused({ architecture: lenetLike({ ...task, classes: 5 }) }).toThrow(/to have 3 outputs for noise, got \[1,5\]/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a network of several outputs', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const architecture = twoHeads();
  const x = Float32Array.from({ length: 12 * 4 }, (_, i) => Math.sin(i));
  const rows = { name: 'rows', inputs: x, shape: [4] } as const;
  const targets = Float32Array.from({ length: 12 }, (_, i) => x[4 * i]! - x[4 * i + 1]!);
  const numbers = createTensorDataset({ ...rows, targets, targetShape: [1] });
  const labeled = createTensorDataset({ ...rows, labels: Uint8Array.from({ length: 12 }, (_, i) => i % 3), classes: 3 });
  const images = createImageDataset({
    ...{ name: 'squares', shape: [2, 2, 1], classes: 3, mean: [0.5], std: [0.25] },
    images: Uint8Array.from({ length: 12 * 4 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
    labels: Uint8Array.from({ length: 12 }, (_, i) => i % 3),
  });
  const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
  const common = { architecture, optimizer, lengths: [3], unit: 'steps', batchSize: 12 } as const;
  const { optimizer: _, ...withoutOptimizer } = common;
  const many = { ...withoutOptimizer, train: images, test: images } as const;
  const noName =
    /expected the name of the output that is compared \(output\), because two-heads-5 has 2, got none; choose one of class, size/;
  const first = async <T>(run: AsyncIterable<T>): Promise<T> => {
    for await (const one of run) return one;
    throw new Error('gave nothing');
  };

  it('learns the one that is named, and keeps all of them', async () => {
    const { instance, metrics } = await first(trainRegressor({ ...common, train: numbers, test: numbers, output: 'size' }));
    expect(instance.architecture).toBe(architecture);
    const given = architecture.applyNamed!(instance.parameters, { x: tf.tensor2d(x, [12, 4]) })['size']!.dataSync();
    const mse = targets.reduce((sum, value, i) => sum + (value - given[i]!) ** 2, 0) / 12;
    expect(metrics.testMse).toBeCloseTo(mse, 5);
    const { instance: other } = await first(trainInstance({ ...common, train: labeled, test: labeled, output: 'class' }));
    const [mine, theirs] = [instance, other].map(({ parameters }) => parameters.map((tensor) => [...tensor.dataSync()]));
    const { instance: longer } = await first(trainRegressor({ ...common, lengths: [9], train: numbers, test: numbers, output: 'size' }));
    expect([...longer.parameters[1]!.dataSync()]).toEqual(mine![1]); // the head of classes learned nothing
    expect([...longer.parameters[2]!.dataSync()]).not.toEqual(mine![2]);
    expect(theirs![1]).not.toEqual(mine![1]);
    const together = await first(trainInstances({ ...many, networks: [{ optimizer }], output: 'class' }));
    const one = await first(trainInstance({ ...common, train: images, test: images, output: 'class' }));
    together.instance.parameters.forEach((tensor, i) => expect(tf.max(tf.abs(tf.sub(tensor, one.instance.parameters[i]!))).dataSync()[0]).toBeLessThan(1e-5)); // prettier-ignore
    disposeInstances([instance, other, longer, together.instance, one.instance]);
  });

  it('is refused by name where none is named, also by recipes, and where none can be', async () => {
    await expect(first(trainInstance({ ...common, train: labeled, test: labeled }))).rejects.toThrow(noName);
    await expect(first(trainRegressor({ ...common, train: numbers, test: numbers }))).rejects.toThrow(noName);
    await expect(first(trainInstances({ ...many, networks: [{}] }))).rejects.toThrow(noName);
    const building = (recipe: { readonly output?: string }) =>
      first(
        buildZoo(
          { ...recipe, groups: [{ architecture: architecture.name, lengths: [1], unit: 'steps', batchSize: 4 }] },
          { store: openInstanceStore(memoryFiles(), { resolve: () => architecture }), train: images, test: images, architectures: [architecture] }, // prettier-ignore
        ),
      );
    await expect(building({})).rejects.toThrow(noName);
    await expect(building({ output: 'color' })).rejects.toThrow(/expected an output of two-heads-5, got color; choose one of class, size/);
    expect((await building({ output: 'class' })).total).toBe(1);
    const samples = { points: new Float32Array(12), distances: new Float32Array(4) };
    const two = /expected a network of one output, got two-heads-5, which has 2 \(class, size\); take an architecture that gives distances/;
    await expect(fitSdf({ samples, architecture, steps: 1 })).rejects.toThrow(two);
    await expect(first(fitSdfs({ fits: [{ samples }], architecture, steps: 1 }))).rejects.toThrow(two);
  });
});
