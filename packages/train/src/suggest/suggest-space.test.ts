import { resolveConfig, scheduleFrom } from '@netspace/model';
import { type Architecture, parameterCount, unresolvedArchitecture } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import { lenetLike, siren, vanillaCnn } from '@netspace/zoo';
import { describe, expect, it } from 'vitest';

import { taskOptions } from '../train-net-space-options.js';
import type { SuggestNetwork } from './network-facts.js';
import { suggestSpace } from './suggest-space.js';

const digits = { channels: 1, size: 28, classes: 10 } as const;
const small = lenetLike({ ...digits, width: 0.25 });
const large = vanillaCnn({ ...digits, width: 0.3 });

/** Networks of an architecture, seeds from 0, with these accuracies. */
const networks = (architecture: Architecture | string, accuracies: readonly number[]): SuggestNetwork[] =>
  accuracies.map((testAccuracy, seed) => ({
    architecture,
    seed,
    name: `${typeof architecture === 'string' ? architecture : architecture.name}-s${seed}`,
    metrics: { testAccuracy },
  }));

const POOR_TO_GOOD = [0.9, 0.3, 0.5, 0.7, 0.6, 0.4];
const zoos: Readonly<Record<string, readonly SuggestNetwork[]>> = {
  classifiers: networks(small, POOR_TO_GOOD),
  'classifiers of several architectures': [...networks(small, POOR_TO_GOOD), ...networks(large, POOR_TO_GOOD)],
  'good classifiers of several architectures': [...networks(small, [0.9, 0.91]), ...networks(large, [0.92, 0.93])],
  shapes: [{ architecture: siren({ hidden: 48, layers: 1 }) }, { architecture: 'siren-3-48x1-1' }],
  'many shapes': Array.from({ length: 80 }, (_, i) => ({
    name: `seat-${i}`,
    architecture: siren({ hidden: 48, layers: 1 }),
    seed: 0,
    epochs: 9,
  })),
  'networks of no known purpose': [{ architecture: unresolvedArchitecture('linear', [{ name: 'weight', shape: [10, 5] }]) }],
  'fields of colors': [1, 2].map(() => ({ architecture: { ...siren({ inputs: 2, hidden: 48, outputs: 3 }), purpose: 'rgb' as const } })),
  'networks that a recipe trained to give numbers': [1, 2].map((testMse) => ({
    architecture: siren({ inputs: 2, hidden: 48 }),
    metrics: { testMse },
  })),
  'large classifiers': networks('resnet8-3x64x64-200', POOR_TO_GOOD),
};

describe.each(Object.entries(zoos))('suggestSpace of %s', (_, zoo) => {
  const { space, task, batch, embeddings, learningRate, steps, reasons } = suggestSpace(zoo);

  it('gives sizes that hold every network and that a space takes', () => {
    const { prepShape, preset } = space;
    expect(() => resolveConfig({ prepShape, preset })).not.toThrow();
    for (const { architecture } of zoo) {
      if (typeof architecture !== 'string')
        expect(parameterCount(architecture.parameters)).toBeLessThanOrEqual(prepShape[0] * prepShape[1]);
    }
  });
  it('gives a task, a batch and a rate that training takes', () => {
    if (task.kind !== 'classification' && task.kind !== 'regression') expect(() => parseOptions('task', taskOptions, task)).not.toThrow();
    expect(batch.nets).toBeLessThanOrEqual(zoo.length);
    expect(scheduleFrom(learningRate, steps)(steps >> 1)).toBeGreaterThan(0);
  });
  it('says why, in full sentences, of each option', () => {
    const options = ['space.preset', 'space.prepShape', 'space.start', 'space.units', 'holdOut', ...(space.dense ? ['space.dense'] : []), ...(space.directions ? ['space.directions'] : []), 'task', 'batch', ...(embeddings ? ['embeddings'] : []), 'augment', 'learningRate', 'steps']; // prettier-ignore
    expect(reasons.map(({ option }) => option)).toEqual(options);
    for (const { why } of reasons) expect(why).toMatch(/^[A-Z0-9].*\.$/);
  });
});

describe('suggestSpace', () => {
  it('lets the smallest of several architectures fill four rows', () => {
    const { prepShape } = suggestSpace(zoos['classifiers of several architectures']!).space;
    const rows = parameterCount(small.parameters) / prepShape[1];
    expect(rows).toBeGreaterThan(3.9);
    expect(rows).toBeLessThan(4.1);
  });
  it('distills the best of networks that are all good, and lets poor ones imitate themselves', () => {
    expect(suggestSpace(zoos['good classifiers of several architectures']!).task).toMatchObject({ teacher: `${large.name}-s1` });
    expect(suggestSpace(zoos['classifiers of several architectures']!).task).toMatchObject({ teacher: 'targets', interpolation: false });
  });
  it('holds out the seed in the middle by accuracy, and networks at chance by name', () => {
    expect(suggestSpace(zoos['classifiers']!).holdOut).toEqual({ names: [], seeds: [4] }); // .3 .4 .5 |.6| .7 .9
    const { holdOut } = suggestSpace(networks(small, [...POOR_TO_GOOD, 0.11]));
    expect(holdOut).toEqual({ names: [`${small.name}-s6`], seeds: [4] });
  });
  it('holds out three of twelve, as many as a verdict needs', () => {
    const seedsOf = (count: number) =>
      suggestSpace(networks(small, Array.from({ length: count }, (_, i) => 0.3 + i / 50))).holdOut.seeds; // prettier-ignore
    expect([11, 12, 17, 24].map((count) => seedsOf(count).length)).toEqual([1, 3, 3, 4]);
    expect(seedsOf(12)).toEqual([2, 6, 10]); // from poor to good
  });
  it('holds out no seed if an architecture would have no other network, or seeds are few or unknown', () => {
    const one = { architecture: large, seed: 4, metrics: { testAccuracy: 0.6 } };
    expect(suggestSpace([...networks(small, POOR_TO_GOOD), one]).holdOut.seeds).toEqual([]);
    expect(suggestSpace(networks(small, [0.5, 0.6])).holdOut.seeds).toEqual([]);
    expect(suggestSpace([{ architecture: small }, { architecture: small }, { architecture: small }]).holdOut.seeds).toEqual([]);
  });
  it('warns of an architecture of which every network is at chance', () => {
    const about = (zoo: readonly SuggestNetwork[]) => suggestSpace(zoo).reasons.filter(({ option }) => option === 'zoo');
    expect(about(networks(small, [0.06, 0.12, 0.1]))[0]!.why).toMatch(/^All networks of lenet.* near chance: .* Train them for longer\.$/);
    expect(about(networks(small, [0.06, 0.12, 0.4]))).toEqual([]);
    expect(about([...networks(small, [0.06, 0.12]), ...networks(large, POOR_TO_GOOD)])).toHaveLength(1);
  });
  it('warns that nobody knows which network is the best', () => {
    const about = (zoo: readonly SuggestNetwork[]) => suggestSpace(zoo).reasons.filter(({ option }) => option === 'zoo');
    const renamed = networks(small, POOR_TO_GOOD).map(({ metrics, ...network }) => ({
      ...network,
      metrics: { val_acc: metrics!['testAccuracy']! },
    }));
    expect(about(renamed)[0]!.why).toMatch(/^No network of lenet.* has the measure testAccuracy, .* the first network stands for the best/);
    expect(about([...renamed, ...networks(large, POOR_TO_GOOD)])[0]!.why).not.toContain(large.name);
    expect(about(renamed.slice(0, 1))).toEqual([]);
    expect(about(zoos['shapes']!)).toEqual([]);
  });
  it('says that networks should not share their initial values', () => {
    const about = (zoo: readonly SuggestNetwork[]) => suggestSpace(zoo).reasons.filter(({ option }) => option === 'zoo');
    expect(about(networks(small, POOR_TO_GOOD))).toEqual([]);
    const snapshots = networks(small, POOR_TO_GOOD).map((network, i) => ({ ...network, seed: i % 3 }));
    expect(about(snapshots)[0]!.why).toMatch(/Give every network a seed of its own\.$/);
  });
  it('claims nothing of networks that were imported without seeds, and holds some out by name', () => {
    const about = (zoo: readonly SuggestNetwork[]) => suggestSpace(zoo).reasons.filter(({ option }) => option === 'zoo');
    const imported = networks(small, [...POOR_TO_GOOD, 0.11]).map((network) => ({ ...network, seed: 0, epochs: 0 }));
    expect(about(imported)).toEqual([]);
    const { holdOut, reasons } = suggestSpace(imported);
    expect(holdOut).toEqual({ names: [`${small.name}-s6`, `${small.name}-s4`], seeds: [] }); // at chance; .3 .4 .5 |.6| .7 .9
    expect(reasons.find(({ option }) => option === 'holdOut')!.why).toMatch(/near chance.* One network is held out, .* not known/);
    const snapshots = imported.map((network, i) => ({ ...network, epochs: i }));
    expect(about(snapshots)[0]!.why).toMatch(/^All networks have seed 0, which is also what networks have that were imported without/);
    expect(suggestSpace(imported.slice(0, 2)).holdOut).toEqual({ names: [], seeds: [] });
  });
  it('takes units of permuted networks where the encoder sees no others, and says why', () => {
    const unitsOf = (zoo: readonly SuggestNetwork[]) => {
      const { space, augment, reasons } = suggestSpace(zoo);
      return [space.units, augment.permuteChannels, reasons.find(({ option }) => option === 'space.units')!.why.includes('random order')];
    };
    expect(unitsOf(zoos['classifiers']!)).toEqual(['zoo-permuted', true, true]);
    expect(unitsOf(zoos['shapes']!)).toEqual(['zoo', false, false]);
  });
  it('lets many shapes learn with free embeddings and directions, from 64 that are not held out', () => {
    const of = (count: number) =>
      suggestSpace(Array.from({ length: count }, (_, i) => ({ ...zoos['many shapes']![0]!, name: `seat-${i}` })));
    const ways = [75, 77].map((count) => [count - of(count).holdOut.names.length, of(count).embeddings, of(count).space.directions]);
    expect(ways).toEqual([[63, undefined, undefined], [65, 'free', {}]]); // prettier-ignore
    expect(of(80).task).toEqual({ kind: 'sdf', near: 'targets', points: 'own', clamp: 0.1 });
    expect(of(80).space.embeddingSize).toBe(512);
  });

  it.each([
    [97, {}, 3e-3], // 9,992 parameters
    [98, undefined, 1e-2], // 10,193
  ])('gives many SIRENs of %d hidden units a decoder of dense layers only while they are small', (hidden, dense, learningRate) => {
    const architecture = siren({ hidden, layers: 1 });
    const suggested = suggestSpace(Array.from({ length: 80 }, (_, i) => ({ architecture, name: `seat-${i}` })));
    expect(suggested.space.dense).toEqual(dense);
    expect(suggested.learningRate).toEqual({ kind: 'cosine', learningRate, final: learningRate / 100 });
  });

  it('takes other steps, and the rate follows', () => {
    const { steps, learningRate, reasons } = suggestSpace(zoos['shapes']!, { steps: 80 });
    expect([steps, learningRate]).toEqual([80, expect.objectContaining({ every: 10 })]);
    expect(reasons.find(({ option }) => option === 'steps')!.why).toMatch(
      /^80 steps were given\. The suggestion is 8,000: 8,000 steps gave/,
    );
  });
  it('warms up over a hundred steps, or over half of a shorter run', () => {
    const warmUp = (steps?: number) => suggestSpace(zoos['classifiers']!, steps === undefined ? {} : { steps }).learningRate;
    expect([warmUp(), warmUp(160), warmUp(24)]).toMatchObject([{ warmUp: 100 }, { warmUp: 80 }, { warmUp: 12 }]);
  });
  it('refuses no networks, things that are none, and architectures that no task compares', () => {
    expect(() => suggestSpace([])).toThrow('suggestSpace: expected a list of at least one network, got none');
    expect(() => suggestSpace([{} as never])).toThrow(/network 0 to have an architecture/);
    expect(() => suggestSpace([{ architecture: 'lenet' }])).toThrow(/name of a zoo architecture, got 'lenet'/);
    expect(() => suggestSpace([{ architecture: small }, { architecture: siren({ hidden: 48, layers: 1 }) }])).toThrow(
      /expected classifiers, or networks of one architecture, got .*\(sdf\), .*\(classifier\)/,
    );
  });
});
