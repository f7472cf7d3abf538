import type * as tf from '@tensorflow/tfjs-core';

import { allWeights, weightStatistics } from '../embedding/weight-statistics.js';
import type { Rows } from '../shared/results/regression.js';
import { type Member, testAccuracyOf } from '../shared/zoo-stage.js';
import { ridge, type RidgeFit } from './ridge.js';
import { gapOf, networkOf, type PeerZoo } from './zoo.js';

export interface ReadOut extends RidgeFit {
  readonly quantity: string;
  readonly features: string;
}

/** A row of features for each network. */
export interface Features {
  readonly name: string;
  readonly known: Rows;
  readonly heldOut: Rows;
}

const QUANTITIES = { accuracy: testAccuracyOf, 'generalization gap': gapOf };

/** How well accuracy and generalization gap of held-out networks are read off each kind of features. */
export const readOuts = (kinds: readonly Features[], { known, heldOut }: PeerZoo): readonly ReadOut[] =>
  kinds.flatMap(({ name, ...rows }) =>
    Object.entries(QUANTITIES).map(([quantity, of]) => {
      const train = { x: rows.known, y: known.map(of), groups: known.map(networkOf) };
      return { quantity, features: name, ...ridge(train, { x: rows.heldOut, y: heldOut.map(of) }) };
    }),
  );

/** What is read off without a space. */
export async function featuresOfWeights({ known, heldOut }: PeerZoo): Promise<readonly Features[]> {
  const of = async (name: string, row: (instance: Member['instance']) => Promise<number[]>): Promise<Features> => {
    const [inside, outside] = await Promise.all(
      [known, heldOut].map((members) => Promise.all(members.map(({ instance }) => row(instance)))),
    );
    return { name, known: inside!, heldOut: outside! };
  };
  return [await of('weight statistics', weightStatistics), await of('weights', allWeights)];
}

/** Rows of tensors `[N, E]`, which the caller keeps. */
export const featuresOf = async (name: string, known: tf.Tensor2D, heldOut: tf.Tensor2D): Promise<Features> => ({
  name,
  known: await known.array(),
  heldOut: await heldOut.array(),
});
