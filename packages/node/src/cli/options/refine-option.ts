import type { RefinementOptions } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { NetSpaceError } from '@netspace/prep';
import type { Dataset } from '@netspace/zoo';
import { sameInputs } from '@netspace/zoo/internal';
import { type Command, Option } from 'commander';

import type { DatasetSource } from '../../datasets/dataset-spec.js';
import type { TensorSource } from '../../datasets/tensor-spec.js';
import { readKnown } from '../files/known-file.js';
import { drawnAt, type SpaceTask } from '../measured-task.js';
import { CLI_LIMITS, countOption } from './number-option.js';

/** Adds `--refine` to a command. */
export const addRefineOption = (command: Command, what: string): Command =>
  command.addOption(new Option('--refine <steps>', what).argParser(countOption(CLI_LIMITS.latentSteps)));

interface RefinementPlace {
  /** Of the space. */
  readonly folder: string;
  readonly steps: number | undefined;
  readonly source: DatasetSource | TensorSource | undefined;
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
  const inputs = await inputsOf(call, space, { source, task });
  const known = await readKnown(folder, space);
  return { ...(task.task !== 'sdf' && task.head), steps, ...(inputs && { inputs }), ...(known && { known }) };
}

/** What networks are compared on; undefined for shapes, on points of their own. */
async function inputsOf(call: string, space: NetSpace, { source, task }: Pick<RefinementPlace, 'source' | 'task'>) {
  if (task.task === 'sdf') return undefined;
  if (source !== undefined) return source.load('train');
  if (task.task === 'rgb' || task.task === 'occupancy') return drawnAt(call, space, task);
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected --data beside --refine, got none; networks are compared on its training images, or inputs`,
  );
}

/** Refuses to refine on the inputs that results are measured on: a file without halves is both. */
export function refuseSameHalves(
  call: string,
  {
    refine,
    dataset,
    data,
  }: { readonly refine: RefinementOptions | undefined; readonly dataset: Dataset | undefined; readonly data: string | undefined },
): void {
  if (dataset === undefined || typeof refine?.inputs !== 'object' || !sameInputs(refine.inputs, dataset)) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected --data with a training half beside --refine, got ${data}, which is the test half too; name a folder, or file, with both`,
  );
}
