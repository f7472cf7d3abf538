import { accuracy, agreement, evaluateSpace, interpolateWeights, latentObjective, optimizeLatent, walk } from '@netspace/explore';
import { prepPicture } from '@netspace/report';
import type { NetSpace } from '@netspace/model';
import { loadMnist } from '@netspace/node';
import { disposeInstances, packPRep, parameterCount } from '@netspace/prep';
import { imageBatch, type ImageDataset } from '@netspace/zoo';
import type * as tf from '@tensorflow/tfjs-core';

import { type Places, placesOf } from './digits-places.js';
import { makeSpace, trainSpace } from './digits-space.js';
import { best, buildDigitsZoo, isLargest, LENGTHS, type ZooMember } from './digits-zoo.js';
import { progressBar } from './progress.js';
import type { ClassifierResults, DigitsWalk, EncodedPicture, WalkEnd, WalkStop } from './results.js';
import { ARCHITECTURES, IMAGES, LATENT_SEARCH, SPACE, WALK_STEPS } from './settings.js';
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
  const strongest = best(known, ARCHITECTURES.largest.name);

  const space = makeSpace(known);
  const { training, embeddings } = await time('NetSpace of classifiers', () => trainSpace(space, known, train));
  const places = await time('held-out networks found in the space', () => placesOf(space, zoo, embeddings, train));

  const heldOut = zoo.filter((member) => member.heldOut);
  const [evaluation, encoded, mostAlike] = await time('predicted against target', async () => [
    await evaluateSpace(space, zoo, test, { embeddings: places.embeddings }),
    await evaluateSpace(space, heldOut, test),
    await compareMostAlike(places, test),
  ]);
  const [weakToStrong, betweenArchitectures] = await time('walks', async () => {
    const weakest = known.filter(isLargest).sort((a, b) => a.accuracy - b.accuracy)[0]!;
    return [
      await measureWalk(space, places, { from: weakest, to: strongest }, test),
      await measureWalk(space, places, { from: best(known, ARCHITECTURES.smallest.name), to: strongest }, test),
    ];
  });
  const search = await time('latent space optimization', () => searchLatent(space, places, { zoo, teacher: strongest, train, test }));

  return {
    runtime,
    architectures: space.architectures.map((architecture) => ({
      name: architecture.name,
      parameters: parameterCount(architecture.parameters),
    })),
    zoo: zoo.map(({ name, steps: length, accuracy: value, heldOut }) => ({ name, steps: length, accuracy: value, heldOut })),
    ...{ training, steps: SPACE.steps, evaluation, encoded, mostAlike, weakToStrong, betweenArchitectures, search, seconds },
    differenceOfMean: differenceOfMean(zoo),
    heldOut: heldOut.map(({ name }) => name),
    pictures: await pictures(space, places, zoo),
  };
}

/** How far off one would be who said of each held-out network what the known ones of its architecture have on average. */
function differenceOfMean(zoo: readonly ZooMember[]): number {
  const ofKnown = ({ instance }: ZooMember): number =>
    mean(zoo.flatMap((one) => (!one.heldOut && one.instance.architecture.name === instance.architecture.name ? [one.accuracy] : [])));
  return mean(zoo.flatMap((member) => (member.heldOut ? [Math.abs(member.accuracy - ofKnown(member))] : [])));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What the known networks that held-out ones were started from do, without the space. */
async function compareMostAlike({ mostAlike }: Places, dataset: ImageDataset): Promise<ClassifierResults['mostAlike']> {
  const agreements: number[] = [];
  for (const [target, other] of mostAlike) agreements.push(await agreement(target.instance, other.instance, dataset));
  return {
    meanAbsoluteDifference: mean([...mostAlike].map(([target, other]) => Math.abs(target.accuracy - other.accuracy))),
    meanAgreement: mean(agreements),
  };
}

/** (d) Accuracy along a line of the space, beside the average of the weights where there is one. */
async function measureWalk(
  space: NetSpace,
  places: Places,
  { from, to }: { readonly from: ZooMember; readonly to: ZooMember },
  dataset: ImageDataset,
): Promise<DigitsWalk> {
  const [a, b] = [from.instance, to.instance];
  const { gammas, embeddings, instances } = await walk(space, places.of(from), places.of(to), { steps: WALK_STEPS });
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

interface SearchInputs {
  readonly zoo: readonly ZooMember[];
  readonly teacher: ZooMember;
  readonly train: ImageDataset;
  readonly test: ImageDataset;
}

/** (e) Moves the embedding of a poor held-out network, with the decoder frozen, towards what the best network does. */
async function searchLatent(
  space: NetSpace,
  places: Places,
  { zoo, teacher, train, test }: SearchInputs,
): Promise<ClassifierResults['search']> {
  const start = zoo.filter((member) => member.heldOut && !isLargest(member))[0]!;
  const classId = space.classIdOf(start.instance);
  const embedding = places.of(start);
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
  found.embedding.dispose();
  return { before, after, losses: found.losses, start: start.name, teacher: teacher.name, teacherAccuracy: teacher.accuracy };
}

/** PReps of one held-out network a boundary architecture and of what the space makes of it. */
async function pictures(space: NetSpace, places: Places, zoo: readonly ZooMember[]): Promise<EncodedPicture[]> {
  const chosen = [false, true].map((largest) => zoo.filter((member) => member.heldOut && isLargest(member) === largest).at(-1)!);
  const painted: EncodedPicture[] = [];
  for (const member of chosen) {
    const { name, instance } = member;
    const [predicted] = await space.instantiate(places.of(member));
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
