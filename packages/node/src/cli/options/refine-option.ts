import type { RefinementOptions } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { NetSpaceError } from '@netspace/prep';
import type { ImageDataset } from '@netspace/zoo';
import { type Command, Option } from 'commander';

import type { DatasetSource } from '../../datasets/dataset-spec.js';
import { CLI_LIMITS, countOption } from './number-option.js';

/** Adds `--refine` to a command. */
export const addRefineOption = (command: Command, what: string): Command =>
  command.addOption(new Option('--refine <steps>', what).argParser(countOption(CLI_LIMITS.latentSteps)));

/** Whether all networks of a space are shapes, which need no images. */
export const isSpaceOfShapes = ({ architectures }: Pick<NetSpace, 'architectures'>): boolean =>
  architectures.every(({ purpose }) => purpose === 'sdf');

interface Refinement extends RefinementOptions {
  readonly inputs?: ImageDataset;
}

/**
 * How `--refine` refines: shapes on points, other networks on the training images of `--data`.
 *
 * @returns undefined without `--refine`
 * @throws NetSpaceError `INVALID_OPTION` if there are no images to refine on, or images for shapes
 */
export async function refinementOf(
  call: string,
  space: Pick<NetSpace, 'architectures'>,
  { steps, source }: { readonly steps: number | undefined; readonly source: DatasetSource | undefined },
): Promise<Refinement | undefined> {
  if (steps === undefined) return undefined;
  if (isSpaceOfShapes(space)) return { steps };
  if (source !== undefined) return { steps, inputs: await source.load('train') };
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected --data beside --refine, got none; networks are compared on its training images`,
  );
}

/** Whether two data sets have the same images: a single file of CIFAR-10 is both splits at once. */
export const sameImages = ({ images: a }: ImageDataset, { images: b }: ImageDataset): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
