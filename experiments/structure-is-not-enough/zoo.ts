import { join } from 'node:path';

import { directoryFiles, settingsHash } from '@netspace/node';
import { type Architecture, disposeInstances } from '@netspace/prep';
import { randomPermutation, randomStream } from '@netspace/prep/internal';
import { accuracy, type ImageDataset, type InstanceStore, loadAll, openInstanceStore, thinDataset } from '@netspace/zoo';

import type { Splits } from '../shared/data.js';
import type { Context, Part } from '../shared/experiment.js';
import { type ImageSource, imagesOf } from '../shared/images.js';
import type { Member } from '../shared/zoo-stage.js';
import { cnn3, type Cnn3Task } from './cnn3.js';
import type { Init } from './initial-values.js';
import { type NetworkSettings, trainNetworks } from './train-networks.js';

/** A zoo over the product of initial values, rates, decays and seeds. */
export interface PeerZooConfig {
  readonly inits: readonly Init[];
  /** Of Adam, constant. */
  readonly learningRates: readonly number[];
  readonly weightDecays: readonly number[];
  /** Networks of each setting. */
  readonly seeds: number;
  /** Steps after which each network is kept, ascending. */
  readonly steps: readonly number[];
  readonly batchSize: number;
  /** Networks that are trained at once. */
  readonly atOnce: number;
  /** Networks, drawn at random, that the space never sees, with all that was kept of them. */
  readonly heldOut: number;
  /** Images that the networks learn from. */
  readonly images: number;
  /** How many of these, and how many test images, accuracy and generalization gap are measured on. */
  readonly measured: number;
}

/** What a zoo is made of. */
export interface PeersData {
  readonly data: ImageSource;
  readonly task: Cnn3Task;
  readonly zoo: PeerZooConfig;
}

export interface PeerZoo {
  readonly known: readonly Member[];
  readonly heldOut: readonly Member[];
}

/** Accuracy on training images less that on test images. */
export const gapOf = ({ record: { metrics } }: Member): number => metrics['trainAccuracy']! - metrics['testAccuracy']!;

/** How a network of the zoo begins, from its name. */
export const initOf = ({ name }: Pick<Member, 'name'>): string => name.slice(0, name.indexOf('-'));

/** The network that a snapshot is of, from its name. */
export const networkOf = ({ name }: Pick<Member, 'name'>): string => name.slice(0, name.lastIndexOf('-'));

/** Each network after its whole training. */
export function wholeOf(members: readonly Member[]): readonly Member[] {
  const most = Math.max(...members.map(({ record }) => record.epochs));
  return members.filter(({ record }) => record.epochs === most);
}

/** Where the zoo is, and what is in it. */
interface Place {
  readonly id: string;
  readonly store: InstanceStore;
  readonly config: PeerZooConfig;
  readonly networks: readonly NetworkSettings[];
}

/** Builds or loads the zoo. */
export async function peerZoo(context: Context, architecture: Architecture, config: PeerZooConfig, splits: Splits): Promise<PeerZoo> {
  const place = placeOf(context, architecture, config, splits);
  await context.stage(`zoo-${place.id}`, () => build(context, place, architecture, splits));
  const { networks, store } = place;
  const all = [...(await loadAll(store))].sort((a, b) => a.record.seed - b.record.seed || a.record.epochs - b.record.epochs);
  const order = randomPermutation(networks.length, randomStream(context.seed, 2));
  const kept = new Set([...order].slice(0, place.config.heldOut).map((i) => nameOf(networks[i]!)));
  return { known: all.filter((one) => !kept.has(networkOf(one))), heldOut: all.filter((one) => kept.has(networkOf(one))) };
}

/** Groups of networks, two a part. */
export const peerZooParts = (config: PeersData): Part[] =>
  Array.from({ length: Math.ceil(groupsOf(config.zoo) / 2) }, (_, part) => ({
    name: `zoo-${part}`,
    async make(context) {
      const [architecture, splits] = [cnn3(config.task), await imagesOf(config.data)];
      const place = placeOf(context, architecture, config.zoo, splits);
      await context.stage(`zoo-${place.id}-${part}`, () => build(context, place, architecture, splits, part));
    },
  }));

function placeOf(context: Context, architecture: Architecture, given: PeerZooConfig, { train }: Splits): Place {
  const config = limited(given, context.stepsLimit);
  const { heldOut: _, ...made } = config;
  const id = `peers-${settingsHash([architecture.name, made, context.seed, train.name, train.count])}`;
  const files = directoryFiles(join(context.work, 'zoos', id));
  return { id, config, store: openInstanceStore(files, { resolve: () => architecture }), networks: settingsOf(config, context.seed) };
}

/** With a limit on steps, which is to prove that a step runs, two networks of each kind of initial values after one length. */
function limited(config: PeerZooConfig, limit: number | undefined): PeerZooConfig {
  if (limit === undefined) return config;
  return { ...config, learningRates: config.learningRates.slice(0, 1), weightDecays: config.weightDecays.slice(0, 1), seeds: 2, steps: [limit], atOnce: 4, heldOut: 2, measured: 16 }; // prettier-ignore
}

const settingsOf = ({ inits, learningRates, weightDecays, seeds }: PeerZooConfig, seed: number): readonly NetworkSettings[] =>
  Array.from({ length: seeds }, (_, k) => k)
    .flatMap((k) => inits.map((init) => ({ k, init })))
    .flatMap(({ k, init }) =>
      learningRates.flatMap((learningRate) => weightDecays.map((weightDecay) => ({ k, init, learningRate, weightDecay }))),
    )
    .map(({ k: _, ...settings }, i) => ({ ...settings, seed: seed * 10_000 + i }));

const groupsOf = ({ inits, learningRates, weightDecays, seeds, atOnce }: PeerZooConfig): number =>
  Math.ceil((inits.length * learningRates.length * weightDecays.length * seeds) / atOnce);

const nameOf = ({ init, learningRate, weightDecay, seed }: NetworkSettings): string => `${init}-r${learningRate}-d${weightDecay}-s${seed}`;

/** Trains the networks that are missing, in groups of which each has all initial values and rates. */
async function build(
  context: Context,
  { store, config, networks }: Place,
  architecture: Architecture,
  splits: Splits,
  part?: number,
): Promise<void> {
  const { steps, batchSize, measured } = config;
  const there = new Set((await store.list()).map(({ name }) => name));
  const train = thinDataset(splits.train, config.images);
  const [seen, test] = [train, splits.test].map((images) => thinDataset(images, measured)) as [ImageDataset, ImageDataset];
  const perEpoch = Math.floor(train.count / batchSize);
  const groups = groupsOf(config);
  for (let which = 0; which < groups; which++) {
    if (part !== undefined && Math.floor(which / 2) !== part) continue;
    const group = networks.filter((_, i) => i % groups === which);
    if (group.every((network) => there.has(`${nameOf(network)}-n${steps.at(-1)!}`))) continue;
    const progress = context.progress(`networks, group ${which + 1} of ${groups}`, steps.at(-1)!);
    const options = { train, batchSize, stops: steps, signal: context.signal, onStep: (step: number) => progress.update(step) };
    for await (const { network, step, instance } of trainNetworks(architecture, group, options)) {
      const { seed } = group[network]!;
      const name = `${nameOf(group[network]!)}-n${step}`;
      const metrics = { trainAccuracy: await accuracy(instance, seen), testAccuracy: await accuracy(instance, test) };
      if (!there.has(name)) await store.add({ name, instance, epochs: step / perEpoch, seed, metrics });
      if (step === steps.at(-1)) context.log(`${name}: ${(100 * metrics.testAccuracy).toFixed(1)} %, on training images ${(100 * metrics.trainAccuracy).toFixed(1)} %`); // prettier-ignore
      disposeInstances([instance]);
    }
    progress.stop();
  }
}
