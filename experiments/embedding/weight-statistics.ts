import type { Instance } from '@netspace/prep';
import { mean, quantileSorted, standardDeviation } from 'simple-statistics';

const QUANTILES = [0, 0.25, 0.5, 0.75, 1];

/**
 * What weights look like without regard to their place: mean, standard deviation and five quantiles of each parameter tensor.
 *
 * @see Unterthiner et al., "Predicting neural network accuracy from weights", arXiv:2002.11448: the baseline of hyper-representations
 */
export async function weightStatistics({ parameters }: Instance): Promise<number[]> {
  const features: number[] = [];
  for (const tensor of parameters) features.push(...statisticsOf(await tensor.data<'float32'>()));
  return features;
}

/** All weights of a network, one after the other. */
export async function allWeights({ parameters }: Instance): Promise<number[]> {
  const parts = await Promise.all(parameters.map((tensor) => tensor.data<'float32'>()));
  return parts.flatMap((part) => [...part]);
}

/** Mean, standard deviation and quantiles of some numbers. */
export function statisticsOf(values: Iterable<number>): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return [mean(sorted), standardDeviation(sorted), ...QUANTILES.map((q) => quantileSorted(sorted, q))];
}
