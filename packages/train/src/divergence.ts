import { findNonFinite, type NamedTensor } from '@netspace/prep/internal';

import { ENCODER } from './embeddings/embeddings.js';
import type { Reading } from './metrics/running-means.js';

/** Losses and weights are checked after this number of steps at the latest. A step takes milliseconds; a check waits for the device. */
export const LOOK_EVERY = 50;

/** The name of a number that was read and is not finite: a loss term, else the first weight; undefined if all are finite. */
export async function termNotFinite({ means, finiteWeights }: Reading, weights: readonly NamedTensor[]): Promise<string | undefined> {
  const terms = Object.keys(means).filter((term) => !Number.isFinite(means[term]));
  const [first] = terms;
  const isTotal = terms.some((term) => term !== first && term !== ENCODER); // of the others
  const parts = isTotal ? terms.slice(1) : terms;
  if (parts.length > 0) return `the loss term ${parts.join(', ')}`;
  if (finiteWeights) return undefined;
  const found = await findNonFinite(weights);
  return `the weight ${found?.name ?? 'of some tensor'}`;
}
