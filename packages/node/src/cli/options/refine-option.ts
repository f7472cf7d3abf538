import type { RefinementOptions } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { NetSpaceError } from '@netspace/prep';
import type { Dataset } from '@netspace/zoo';
import { sameInputs } from '@netspace/zoo/internal';
import { type Command, Option } from 'commander';

import { readKnown } from '../files/known-file.js';
import { drawnAt, type SpaceTask } from '../measured-task.js';
import { CLI_LIMITS, countOption } from './number-option.js';

/** Adds `--refine` to a command. */
export const addRefineOption = (command: Command, what: string): Command =>
  command.addOption(new Option('--refine <steps>', what).argParser(countOption(CLI_LIMITS.latentSteps)));

/** What refusals call the options. */
export interface RefineNames {
  readonly data: string;
  readonly refine: string;
}
const OPTIONS: RefineNames = { data: '--data', refine: '--refine' };

interface RefinementPlace {
  /** Of the space. */
  readonly folder: string;
  readonly steps: number | undefined;
  readonly source: { readonly load: (half: 'train') => Promise<Dataset> } | undefined;
  readonly task: SpaceTask;
}

/**
 * How `--refine` refines: shapes and fields on random points, other networks on the training half of `--data`. In a space of free embeddings it
 * starts at those of its networks.
 *
 * @returns undefined without `--refine`
 * @throws NetSpaceError `INVALID_OPTION` if there are no images to refine on, or images for shapes; as `readKnown`
 */
export async function refinementOf(
  call: string,
  space: NetSpace,
  { folder, steps, source, task }: RefinementPlace,
): Promise<RefinementOptions | undefined> {
  if (steps === undefined) return undefined;
  const inputs = await refinedOn(call, space, { source, task });
  const known = await readKnown(folder, space);
  return { ...(task.task !== 'sdf' && task.head), steps, ...(inputs && { inputs }), ...(known && { known }) };
}

/**
 * What networks are compared on by refinement; undefined for shapes, on points of their own.
 *
 * @throws NetSpaceError `INVALID_OPTION` if there are no inputs
 */
export async function refinedOn(
  call: string,
  space: Pick<NetSpace, 'architectures'>,
  { source, task, names = OPTIONS }: Pick<RefinementPlace, 'source' | 'task'> & { readonly names?: RefineNames },
) {
  if (task.task === 'sdf') return undefined;
  if (source !== undefined) return source.load('train');
  if (task.task === 'rgb' || task.task === 'occupancy') return drawnAt(call, space, task);
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected ${names.data} beside ${names.refine}, got none; networks are compared on its training images, or inputs`,
  );
}

/** Refuses to refine on the inputs that results are measured on: a file without halves is both. */
export function refuseSameHalves(
  call: string,
  {
    refine,
    dataset,
    data,
    names = OPTIONS,
  }: {
    readonly refine: Pick<RefinementOptions, 'inputs'> | undefined;
    readonly dataset: Dataset | undefined;
    readonly data: string | undefined;
    readonly names?: RefineNames;
  },
): void {
  if (dataset === undefined || typeof refine?.inputs !== 'object' || !sameInputs(refine.inputs, dataset)) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected ${names.data} with a training half beside ${names.refine}, got ${data}, which is the test half too; name a folder, or file, with both`,
  );
}
