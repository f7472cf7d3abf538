import { accuraciesOf, accuracy, boundaryPairs, interpolateEmbeddings, interpolateWeights, spread, type Spread } from '@netspace/explore';
import { gammaSchedule } from '@netspace/losses';
import type { NetSpace } from '@netspace/model';
import { packPRep, unpackPRep, type Architecture, type Instance } from '@netspace/prep';
import { initialize, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { mean } from 'simple-statistics';

import type { Member } from '../shared/zoo-stage.js';

/** Accuracies of networks of an architecture that the space has not seen, by where their weights come from. */
export interface UnseenArchitecture {
  readonly architecture: string;
  readonly gamma: number;
  /** Fraction of the interpolated embeddings that the class head takes for this architecture. */
  readonly classIdRight: number;
  /** Decoded from `(1 − γ) e^A + γ e^B`, run as this architecture. */
  readonly interpolated: Spread;
  /** Initial values. */
  readonly untrained: Spread;
  /** Half-way between two trained networks of this architecture. */
  readonly averaged: Spread;
  /** `(1 − γ) PRep^A + γ PRep^B`, read as this architecture. */
  readonly averagedEnds: Spread;
  /** What networks of this architecture reach that were trained for it. */
  readonly trained: Spread;
}

export interface UnseenOptions {
  /** Networks of the smallest and the largest architecture. */
  readonly ends: readonly Member[];
  /** Trained networks of all architectures, to compare with. */
  readonly trained: readonly Member[];
  readonly images: ImageDataset;
  readonly pairs: number;
  readonly baselines: number;
  readonly seed: number;
}

export async function unseenArchitectures(space: NetSpace, options: UnseenOptions): Promise<readonly UnseenArchitecture[]> {
  const { images, baselines, seed } = options;
  const pairs = boundaryPairs(space, options.ends).slice(0, options.pairs);
  const results: UnseenArchitecture[] = [];
  for (const [i, gamma] of gammaSchedule(space.architectures.length).entries()) {
    const architecture = space.architectures[i + 1]!;
    const own = options.trained.filter(({ instance }) => instance.architecture.name === architecture.name);
    const made = { right: [] as number[], interpolated: [] as number[], averagedEnds: [] as number[] };
    for (const [from, to] of pairs) {
      const between = tf.tidy(() => interpolateEmbeddings(space.encode([from.instance]), space.encode([to.instance]), [gamma]));
      made.right.push(Number((await headOf(space, between)) === i + 1));
      const [network] = space.instantiateAs(between, [i + 1]);
      between.dispose();
      made.interpolated.push(await measured(network!, images));
      made.averagedEnds.push(await measured(averageOfEnds(space, architecture, [from.instance, to.instance], gamma), images));
    }
    const untrained: number[] = [];
    const averaged: number[] = [];
    for (let k = 0; k < baselines; k++) {
      const parameters = initialize(architecture.parameters, { seed: seed + k });
      untrained.push(await measured({ architecture, parameters }, images));
      const [a, b] = [own[k % own.length]!, own.at(-1 - (k % own.length))!];
      averaged.push(await measured(interpolateWeights(a.instance, b.instance, [0.5])[0]!, images));
    }
    const trained: number[] = [];
    for (const { instance } of own) trained.push(await accuracy(instance, images));
    results.push({
      ...{ architecture: architecture.name, gamma, classIdRight: mean(made.right) },
      interpolated: spread(made.interpolated),
      untrained: spread(untrained),
      averaged: spread(averaged),
      averagedEnds: spread(made.averagedEnds),
      trained: spread(trained),
    });
  }
  return results;
}

/** Of a network that is needed no further. */
async function measured(network: Instance, images: ImageDataset): Promise<number> {
  const [value] = await accuraciesOf([network], images);
  return value!;
}

async function headOf(space: NetSpace, embedding: tf.Tensor2D): Promise<number> {
  const head = tf.tidy(() => tf.argMax(space.decode(embedding).classLogits!, 1));
  const [classId] = await head.data<'int32'>();
  head.dispose();
  return classId!;
}

const averageOfEnds = (space: NetSpace, architecture: Architecture, [a, b]: readonly [Instance, Instance], gamma: number): Instance => ({
  architecture,
  parameters: tf.tidy(() => {
    const [from, to] = [packPRep(a, space.config.prepShape), packPRep(b, space.config.prepShape)];
    return unpackPRep(tf.add(tf.mul(from, 1 - gamma), tf.mul(to, gamma)), architecture);
  }),
});
