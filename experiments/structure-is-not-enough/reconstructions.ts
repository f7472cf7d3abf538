import type { EvaluatedInstance } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { disposeInstances, type Instance, unpackPReps } from '@netspace/prep';
import { unstack } from '@netspace/prep/internal';
import { type ImageDataset, thinDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import type { Context } from '../shared/experiment.js';
import type { Member } from '../shared/zoo-stage.js';
import { aroundKnown } from './around-known.js';
import { compared } from './compared.js';
import type { AroundConfig, PeersConfig } from './config.js';
import type { LearnedPeers, Peers } from './learned.js';
import { mostAlike } from './most-alike.js';
import { refineTogether, type RefineTogether } from './refine-together.js';
import { wholeOf } from './zoo.js';

/** What predicted networks do beside their targets, and how long it takes to make one. */
export interface Reconstructed {
  readonly instances: readonly EvaluatedInstance[];
  readonly secondsEach: number;
}

/** The networks that are imitated, those held out after their whole training, and for each the place of the known one that is the most like it. */
export interface Imitated {
  readonly known: readonly Member[];
  readonly targets: readonly Member[];
  readonly train: ImageDataset;
  readonly alike: readonly number[];
  readonly alikeSeconds: number;
  /** Images that results are measured on; those of refinement are others. */
  readonly test: ImageDataset;
  readonly atOnce: number;
  readonly context: Context;
}

/** Finds the most alike known networks on images of the training set. */
export async function imitated(
  { known, heldOut, splits }: Peers,
  { alikeImages, atOnce }: Pick<PeersConfig, 'alikeImages' | 'atOnce'>,
  test: ImageDataset,
  context: Context,
): Promise<Imitated> {
  const started = performance.now();
  const targets = wholeOf(heldOut);
  const alike = await mostAlike(instancesOf(known), instancesOf(targets), thinDataset(splits.train, alikeImages));
  const alikeSeconds = secondsSince(started) / targets.length;
  return { known, targets, train: splits.train, alike, alikeSeconds, test, atOnce, context };
}

/** The most alike known networks themselves. */
export const lookedUp = async ({ known, targets, alike, alikeSeconds, test }: Imitated): Promise<Reconstructed> => ({
  instances: await compared(targets, alike.map((place) => known[place]!.instance), test), // prettier-ignore
  secondsEach: alikeSeconds,
});

/** What encodings decode to, one after the other. */
export async function encodedAndDecoded(space: NetSpace, heldOut: readonly Member[], test: ImageDataset): Promise<Reconstructed> {
  const started = performance.now();
  const networks: Instance[] = [];
  for (const { instance } of heldOut) {
    const encoding = space.encode([instance]);
    networks.push(...(await space.instantiate(encoding).finally(() => encoding.dispose())));
    await networks.at(-1)!.parameters.at(-1)!.data(); // until the device has done it
  }
  const secondsEach = secondsSince(started) / heldOut.length;
  const instances = await compared(heldOut, networks, test).finally(() => disposeInstances(networks));
  return { instances, secondsEach };
}

/** With the embeddings, `[N, E]`, that the caller disposes of. */
export interface Refined extends Reconstructed {
  readonly embeddings: tf.Tensor2D;
}

/** What embeddings decode to that are refined from that of the most alike known network. */
export const refinedAndDecoded = (
  { space, embeddings }: Pick<LearnedPeers, 'space' | 'embeddings'>,
  refine: RefineTogether,
  given: Imitated,
): Promise<Refined> =>
  refinedInGroups(given, {
    refine,
    make: () => ({ decode: (points, options) => space.decode(points, options), dispose: () => undefined }),
    startsOf: (places) => tf.gather(embeddings, places.map((i) => given.alike[i]!)) as tf.Tensor2D, // prettier-ignore
  });

/** The control: random directions around the most alike known network, with as many numbers as an embedding of the space has. */
export function refinedAroundKnown(space: NetSpace, { scale, ...refine }: AroundConfig, given: Imitated): Promise<Refined> {
  const [numbers, seed] = [space.config.embeddingSize, given.context.seed];
  return refinedInGroups(given, {
    refine,
    make: (places) => aroundKnown(space, places.map((i) => given.known[given.alike[i]!]!.instance), { numbers, scale, seed }), // prettier-ignore
    startsOf: (places) => tf.zeros([places.length, numbers]),
  });
}

interface Way {
  readonly refine: RefineTogether;
  /** What decodes the numbers of the targets at these places. */
  make(places: readonly number[]): Pick<NetSpace, 'decode'> & { dispose(): void };
  /** `[places, E]` */
  startsOf(places: readonly number[]): tf.Tensor2D;
}

async function refinedInGroups(
  { targets, train, test, atOnce, alikeSeconds, context }: Imitated,
  { refine, make, startsOf }: Way,
): Promise<Refined> {
  const { seed, signal, stepsLimit = Infinity } = context;
  const steps = Math.min(refine.steps, stepsLimit);
  const groups = Array.from({ length: Math.ceil(targets.length / atOnce) }, (_, group) =>
    [...targets.keys()].slice(group * atOnce, (group + 1) * atOnce),
  );
  const progress = context.progress('refine', groups.length * steps);
  const [networks, found] = [[] as Instance[], [] as tf.Tensor2D[]];
  const started = performance.now();
  for (const [group, places] of groups.entries()) {
    const wanted = places.map((i) => targets[i]!.instance);
    const { architecture } = wanted[0]!;
    const [decoder, starts] = [make(places), startsOf(places)];
    const onStep = (step: number): void => progress.update(group * steps + step);
    const embeddings = await refineTogether(decoder, wanted, starts, { ...refine, steps, images: train, seed, signal, onStep });
    const stacked = tf.tidy(() => unpackPReps(decoder.decode(embeddings, { classIds: places.map(() => 0) }).preps, architecture));
    const each = tf.tidy(() => stacked.map(unstack));
    networks.push(...places.map((_, k) => ({ architecture, parameters: each.map((own) => own[k]!) })));
    found.push(embeddings);
    tf.dispose([starts, stacked]);
    decoder.dispose();
  }
  progress.stop();
  const secondsEach = alikeSeconds + secondsSince(started) / targets.length;
  const embeddings = tf.concat(found);
  tf.dispose(found);
  const instances = await compared(targets, networks, test).finally(() => disposeInstances(networks));
  return { instances, secondsEach, embeddings };
}

const instancesOf = (members: readonly Member[]): readonly Instance[] => members.map(({ instance }) => instance);

const secondsSince = (started: number): number => (performance.now() - started) / 1000;
