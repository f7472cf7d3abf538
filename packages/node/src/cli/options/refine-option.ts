import type { RefinementOptions } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { NetSpaceError } from '@netspace/prep';
import type { Dataset } from '@netspace/zoo';
import { sameInputs } from '@netspace/zoo/internal';
import { type Command, Option } from 'commander';

import type { DatasetSource } from '../../datasets/dataset-spec.js';
import type { TensorSource } from '../../datasets/tensor-spec.js';
import { drawnAt, type SpaceTask } from '../measured-task.js';
import { CLI_LIMITS, countOption } from './number-option.js';

/** Adds `--refine` to a command. */
export const addRefineOption = (command: Command, what: string): Command =>
  command.addOption(new Option('--refine <steps>', what).argParser(countOption(CLI_LIMITS.latentSteps)));

/**
 * How `--refine` refines: shapes and fields on random points, other networks on the training half of `--data`.
 *
 * @returns undefined without `--refine`
 * @throws NetSpaceError `INVALID_OPTION` if there are no images to refine on, or images for shapes
 */
export async function refinementOf(
  call: string,
  space: Pick<NetSpace, 'architectures'>,
  {
    steps,
    source,
    task,
  }: { readonly steps: number | undefined; readonly source: DatasetSource | TensorSource | undefined; readonly task: SpaceTask },
): Promise<RefinementOptions | undefined> {
  if (steps === undefined) return undefined;
  if (task.task === 'sdf') return { steps };
  if (source !== undefined) return { ...task.head, steps, inputs: await source.load('train') };
  if (task.task === 'rgb' || task.task === 'occupancy') return { ...task.head, steps, inputs: drawnAt(call, space, task) };
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
