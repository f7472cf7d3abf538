import { packPRep } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import { architectureByName, createImageDataset, initialize, lenetLike, siren, vanillaCnn } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { trainNetSpace } from '../train-net-space.js';
import { followSuggestion, type SuggestInstance } from './follow-suggestion.js';
import { suggestSpace } from './suggest-space.js';
import type { SpaceSuggestion } from './suggestion.js';

const images = { channels: 1, size: 13, classes: 3 } as const;
const small = lenetLike({ ...images, width: 0.1 });
const large = vanillaCnn({ ...images, width: 0.1 });
const dataset = createImageDataset({
  ...{ name: 'stripes', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.5] },
  images: Uint8Array.from({ length: 40 * 169 }, (_, i) => (i * 37) % 256),
  labels: Uint8Array.from({ length: 40 }, (_, i) => i % 3),
});
const networks = (architecture: typeof small, accuracies: readonly number[]): SuggestInstance[] =>
  accuracies.map((testAccuracy, seed) => ({
    architecture,
    parameters: initialize(architecture.parameters, { seed: seed + 1 }),
    ...{ name: `${architecture.name}-${seed}`, seed, metrics: { testAccuracy } },
  }));
/** The same in a smaller space, which is made sooner. */
const tiny = (suggestion: SpaceSuggestion): SpaceSuggestion => ({ ...suggestion, space: { ...suggestion.space, preset: 'tiny' } });
const seedsOf = (list: readonly SuggestInstance[]) => list.map(({ seed }) => seed);

describeOnRuntimes(
  'followSuggestion',
  () => {
    it('leaves out networks at chance and held-out seeds, starts from the best network that is left, and trains', async () => {
      const zoo = networks(small, [0.9, 0.34, 0.6, 0.95, 0.7]);
      const suggestion = tiny(suggestSpace(zoo, { steps: 3 }));
      expect(suggestion.holdOut).toEqual({ names: [`${small.name}-1`], seeds: [0] });
      const before = tf.memory().numTensors;
      const { space, training, known, heldOut } = followSuggestion(suggestion, zoo, { dataset });
      expect(tf.memory().numTensors - before).toBe(Object.keys(space.variables).length + Object.keys(space.normalization!).length);
      expect([seedsOf(known), seedsOf(heldOut)]).toEqual([[2, 3, 4], [0]]);
      const [untrained] = space.instantiateAs(tf.zeros([1, space.config.embeddingSize]), [0]);
      const prep = (one: SuggestInstance) => packPRep(one, space.config.prepShape).dataSync();
      const start = tf.tidy(() => tf.squeeze<tf.Tensor2D>(space.normalization!.start!, [0])).dataSync();
      expectClose(start, prep(zoo[3]!));
      expect(untrained!.architecture.name).toBe(small.name);
      const steps = [];
      for await (const { step, learningRate } of trainNetSpace(space, training)) steps.push([step, learningRate > 0]);
      expect(steps.map(([step]) => step)).toEqual([1, 2, 3]);
      expect(training).toMatchObject({ augment: { permuteChannels: true }, batch: suggestion.batch, steps: 3 });
      space.dispose();
    });
    it('tests on networks that are held out by name, but not on those at chance', () => {
      const zoo = networks(small, [0.9, 0.34, 0.6, 0.95]);
      const suggestion = { ...tiny(suggestSpace(zoo)), holdOut: { names: [`${small.name}-1`, `${small.name}-2`], seeds: [] } };
      const { space, known, heldOut } = followSuggestion(suggestion, zoo, { dataset });
      expect([seedsOf(known), seedsOf(heldOut)]).toEqual([[0, 3], [2]]);
      space.dispose();
    });
    it('takes the teacher by its name, in a space of several architectures', () => {
      const zoo = [...networks(small, [0.9, 0.91]), ...networks(large, [0.92, 0.93])];
      const suggestion = tiny(suggestSpace(zoo, { steps: 2 }));
      const { space, training } = followSuggestion(suggestion, zoo, { dataset });
      expect(space.architectures.map(({ name }) => name).sort()).toEqual([small.name, large.name].sort());
      expect(training.task).toMatchObject({ teacher: zoo[3], interpolation: true, dataset });
      expect(() => followSuggestion(suggestion, zoo.slice(0, 3), { dataset })).toThrow(/expected the teacher .*-1 among the networks/);
      space.dispose();
    });
    it('gives networks of other purposes no images, and refuses images for them', () => {
      const architecture = siren({ hidden: 8, layers: 1 });
      const zoo = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) }));
      const suggestion = tiny(suggestSpace(zoo));
      const { space, training, heldOut } = followSuggestion(suggestion, zoo);
      expect([training.task, heldOut]).toEqual([{ kind: 'sdf', near: 'targets', points: 'both' }, []]);
      expect(() => followSuggestion(suggestion, zoo, { dataset })).toThrow(
        /no dataset with a task of kind 'sdf', got stripes; leave it out/,
      );
      space.dispose();
    });
    it('refuses classifiers without images, and to hold out every network', () => {
      const zoo = networks(small, [0.9, 0.5, 0.6, 0.7]);
      const suggestion = tiny(suggestSpace(zoo));
      expect(() => followSuggestion(suggestion, zoo)).toThrow(/expected option dataset, the images .* got none/);
      const heldOut = zoo.filter(({ seed }) => suggestion.holdOut.seeds.includes(seed!));
      expect(() => followSuggestion(suggestion, heldOut, { dataset })).toThrow(/expected networks to train on, got 1, all of which/);
      expect(() => followSuggestion(suggestion, [{ architecture: architectureByName(small.name) }] as never, { dataset })).toThrow(
        /followSuggestion: expected/,
      );
    });
  },
  { runtimes: ['cpu'] },
);
