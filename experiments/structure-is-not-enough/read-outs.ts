import type { NetSpace } from '@netspace/model';

import { embeddingsOf } from '../embedding/embeddings-of.js';
import { allWeights, weightStatistics } from '../embedding/weight-statistics.js';
import type { Rows } from '../shared/results/regression.js';
import { type Member, testAccuracyOf } from '../shared/zoo-stage.js';
import { ridge, type RidgeFit } from './ridge.js';
import { gapOf, networkOf } from './zoo.js';

export interface ReadOut extends RidgeFit {
  readonly quantity: string;
  readonly features: string;
}

/** How well accuracy and generalization gap of held-out networks are read off each kind of features. */
export async function readOuts(space: NetSpace, known: readonly Member[], heldOut: readonly Member[]): Promise<readonly ReadOut[]> {
  const features: Readonly<Record<string, (members: readonly Member[]) => Promise<Rows>>> = {
    embedding: (members) => embeddingsOf(space, members),
    'weight statistics': (members) => Promise.all(members.map(({ instance }) => weightStatistics(instance))),
    weights: (members) => Promise.all(members.map(({ instance }) => allWeights(instance))),
  };
  const quantities = { accuracy: testAccuracyOf, 'generalization gap': gapOf };
  const groups = known.map(networkOf);
  const found: ReadOut[] = [];
  for (const [name, rows] of Object.entries(features)) {
    const [inside, outside] = [await rows(known), await rows(heldOut)];
    for (const [quantity, of] of Object.entries(quantities)) {
      const fit = ridge({ x: inside, y: known.map(of), groups }, { x: outside, y: heldOut.map(of) });
      found.push({ quantity, features: name, ...fit });
    }
  }
  return found;
}
