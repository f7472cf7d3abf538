import { predictClasses } from '@netspace/explore';
import type { Instance } from '@netspace/prep';
import { thinDataset, type ImageDataset } from '@netspace/zoo';

/** What a network says of some images. */
export interface Outputs {
  /** The class of each. */
  readonly classes: Int32Array;
  readonly accuracy: number;
}

/** Runs a network on `count` images, evenly spread. */
export async function outputsOf(instance: Instance, dataset: ImageDataset, count: number): Promise<Outputs> {
  const few = thinDataset(dataset, count);
  const classes = await predictClasses(instance, few);
  return { classes, accuracy: agreementOf(classes, few.labels) };
}

/** The fraction of places at which both are equal. */
export const agreementOf = (classes: Int32Array, others: ArrayLike<number>): number =>
  classes.reduce((sum, value, i) => sum + Number(value === others[i]), 0) / classes.length;
