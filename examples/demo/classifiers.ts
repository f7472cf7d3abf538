import { accuracy, evaluateSpace, interpolateWeights, latentObjective, optimizeLatent, walk } from '@netspace/explore';
import { prepPicture } from '@netspace/report';
import { NetSpace } from '@netspace/model';
import { loadMnist } from '@netspace/node';
import { permutedCopies, trainNetSpace } from '@netspace/train';
import { disposeInstances, packPRep, parameterCount, requiredPRepShape } from '@netspace/prep';
import { imageBatch, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { buildDigitsZoo, LENGTHS, type ZooMember } from './digits-zoo.js';
import { progressBar } from './progress.js';
import type { ClassifierResults, DigitsWalk, EncodedPicture, WalkEnd, WalkStop } from './results.js';
import { ARCHITECTURES, IMAGES, LATENT_SEARCH, SEED, SPACE, WALK_STEPS } from './settings.js';
import { stopwatch } from './stopwatch.js';

/** (a) to (e): a space of digit classifiers, learned and walked through. Every number is measured here. */
export async function classifiers(runtime: string, announce: (part: string, seconds?: number) => void): Promise<ClassifierResults> {
  const { time, seconds } = stopwatch(announce);
  const { train, test } = await loadMnist(IMAGES);

  const zoo = await time('zoo of classifiers', async () => {
    const bar = progressBar('instances', 2 * LENGTHS.length);
    const members = await buildDigitsZoo(train, test, bar);
    bar.stop();
    return members;
  });
  const known = zoo.filter(({ heldOut }) => !heldOut);
  const strongest = best(zoo, ARCHITECTURES.largest.name);

  const space = makeSpace(known);
  const training: { step: number; losses: Readonly<Record<string, number>> }[] = [];
  const steps = await time('NetSpace of classifiers', () => trainSpace(space, known, train, training));

  const evaluation = await time('predicted against target', () => evaluateSpace(space, zoo, test));
  const [weakToStrong, betweenArchitectures] = await time('walks', async () => {
    const weakest = [...zoo].filter(isLargest).sort((a, b) => a.accuracy - b.accuracy)[0]!;
    return [
      await measureWalk(space, weakest, strongest, test),
      await measureWalk(space, best(zoo, ARCHITECTURES.smallest.name), strongest, test),
    ];
  });
  const search = await time('latent space optimization', () => searchLatent(space, zoo, strongest, train, test));

  return {
    runtime,
    architectures: space.architectures.map((architecture) => ({
      name: architecture.name,
      parameters: parameterCount(architecture.parameters),
    })),
    zoo: zoo.map(({ name, steps: length, accuracy: value, heldOut }) => ({ name, steps: length, accuracy: value, heldOut })),
    ...{ training, steps, evaluation, weakToStrong, betweenArchitectures, search, seconds },
    differenceOfMean: differenceOfMean(zoo),
    heldOut: zoo.filter(({ heldOut }) => heldOut).map(({ name }) => name),
    pictures: await pictures(space, zoo),
  };
}

/** How far off one would be who said of each held-out network what the known ones of its architecture have on average. */
function differenceOfMean(zoo: readonly ZooMember[]): number {
  const ofKnown = ({ instance }: ZooMember): number =>
    mean(zoo.flatMap((one) => (!one.heldOut && one.instance.architecture.name === instance.architecture.name ? [one.accuracy] : [])));
  return mean(zoo.flatMap((member) => (member.heldOut ? [Math.abs(member.accuracy - ofKnown(member))] : [])));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const isLargest = ({ instance }: ZooMember): boolean => instance.architecture.name === ARCHITECTURES.largest.name;

const best = (zoo: readonly ZooMember[], architecture: string): ZooMember =>
  zoo.filter(({ instance }) => instance.architecture.name === architecture).reduce((a, b) => (b.accuracy > a.accuracy ? b : a));

/**
 * (b) A space in which each architecture is measured in units of its own spread, and every embedding decodes to the best network of its
 * architecture at first.
 */
function makeSpace(known: readonly ZooMember[]): NetSpace {
  const architectures = Object.values(ARCHITECTURES);
  // While it learns, hidden channels come in any order: so do those of the networks that the units are taken of.
  const copies = permutedCopies(
    known.map(({ instance }) => instance),
    { copies: 10, seed: SEED },
  );
  const { preset, decoderChannels, prepWidth } = SPACE;
  const space = new NetSpace({
    ...{ architectures, preset, decoderChannels, seed: SEED },
    prepShape: requiredPRepShape(architectures, { width: prepWidth }),
    start: { from: 'instances', instances: architectures.map(({ name }) => best(known, name).instance) },
    units: { of: copies },
  });
  disposeInstances(copies);
  return space;
}

/** (c) Each predicted network imitates its target, and is to be right as often; the ClassId is read off the embedding. */
async function trainSpace(
  space: NetSpace,
  known: readonly ZooMember[],
  dataset: ImageDataset,
  log: { step: number; losses: Readonly<Record<string, number>> }[],
): Promise<number> {
  const { steps, batch, learningRate } = SPACE;
  const bar = progressBar('steps', steps);
  const run = trainNetSpace(space, {
    instances: known.map(({ instance }) => instance),
    task: { kind: 'classification', dataset, teacher: 'targets', ...SPACE.task },
    augment: { permuteChannels: true },
    ...{ steps, batch, learningRate, seed: SEED, readEvery: 20 },
  });
  for await (const { step, losses } of run) {
    if (losses === undefined) continue;
    log.push({ step, losses });
    bar.update(step, `loss ${losses['loss']!.toFixed(2)}`);
  }
  bar.stop();
  return steps;
}

/** (d) Accuracy along a line of the space, beside the average of the weights where there is one. */
async function measureWalk(space: NetSpace, from: ZooMember, to: ZooMember, dataset: ImageDataset): Promise<DigitsWalk> {
  const [a, b] = [from.instance, to.instance];
  const { gammas, embeddings, instances } = await walk(space, a, b, { steps: WALK_STEPS });
  const averages = a.architecture.name === b.architecture.name ? interpolateWeights(a, b, gammas) : undefined;
  const stops: WalkStop[] = [];
  for (const [index, instance] of instances.entries()) {
    stops.push({
      gamma: gammas[index]!,
      classId: instance.classId,
      accuracy: await accuracy(instance, dataset),
      weightAverageAccuracy: averages === undefined ? null : await accuracy(averages[index]!, dataset),
    });
  }
  embeddings.dispose();
  disposeInstances([...instances, ...(averages ?? [])]);
  const end = ({ name, accuracy: value }: ZooMember): WalkEnd => ({ name, accuracy: value });
  return { from: end(from), to: end(to), stops };
}

/** (e) Moves the embedding of a poor held-out network, with the decoder frozen, towards what the best network does. */
async function searchLatent(
  space: NetSpace,
  zoo: readonly ZooMember[],
  teacher: ZooMember,
  train: ImageDataset,
  test: ImageDataset,
): Promise<ClassifierResults['search']> {
  const start = zoo.filter((member) => member.heldOut && !isLargest(member))[0]!;
  const classId = space.classIdOf(start.instance);
  const embedding = space.encode([start.instance]);
  const { images } = LATENT_SEARCH;
  const batch = (step: number) => {
    const indices = Array.from({ length: images }, (_, i) => (step * images + i) % train.count);
    const { images: x, labels } = imageBatch(train, indices);
    return { images: x, labels, teacher: teacher.instance.architecture.apply(teacher.instance.parameters, x) as tf.Tensor2D };
  };
  const { steps, learningRate } = LATENT_SEARCH;
  const loss = latentObjective({ space, batch, classId });
  const found = await optimizeLatent(space, embedding, { loss, steps, learningRate, keep: 'last' });
  const measure = async (e: tf.Tensor2D): Promise<number> => {
    const [instance] = await space.instantiate(e);
    const value = await accuracy(instance!, test);
    disposeInstances([instance!]);
    return value;
  };
  const [before, after] = [await measure(embedding), await measure(found.embedding)];
  tf.dispose([embedding, found.embedding]);
  return { before, after, losses: found.losses, start: start.name, teacher: teacher.name, teacherAccuracy: teacher.accuracy };
}

/** PReps of one held-out network a boundary architecture and of what the space makes of it. */
async function pictures(space: NetSpace, zoo: readonly ZooMember[]): Promise<EncodedPicture[]> {
  const chosen = [false, true].map((largest) => zoo.filter((member) => member.heldOut && isLargest(member) === largest).at(-1)!);
  const painted: EncodedPicture[] = [];
  for (const { name, instance } of chosen) {
    const embedding = space.encode([instance]);
    const [predicted] = await space.instantiate(embedding).finally(() => embedding.dispose());
    const rows = [
      { title: name, note: 'target', net: instance },
      { title: name, note: `predicted from ${space.config.embeddingSize} numbers`, net: predicted! },
    ];
    for (const { title, note, net } of rows) {
      const prep = packPRep(net, space.config.prepShape);
      const picture = prepPicture(await prep.array(), {
        parameters: net.architecture.parameters,
        boundaries: true,
        width: 1040,
        height: 64,
      });
      prep.dispose();
      painted.push({ title, note, ...picture });
    }
    disposeInstances([predicted!]);
  }
  return painted;
}
