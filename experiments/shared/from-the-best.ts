import { makeNormalisation, type Normalisation } from '@netspace/model';
import { packPReps, type Architecture, type Instance, type PRepShape } from '@netspace/prep';

export interface FromTheBestOptions {
  /** That a space is trained on. */
  readonly instances: readonly Instance[];
  /** Of each architecture, in the same order. */
  readonly bests: readonly Instance[];
  /** By ClassId. */
  readonly architectures: readonly Architecture[];
  readonly prepShape: PRepShape;
}

/** The networks' own units, the decoder starting from the best of each architecture instead of their mean: averaged weights do not work. */
export const fromTheBest = ({ instances, bests, architectures, prepShape }: FromTheBestOptions): Normalisation => ({
  ...makeNormalisation(instances, architectures, prepShape),
  start: packPReps(bests, prepShape),
});
