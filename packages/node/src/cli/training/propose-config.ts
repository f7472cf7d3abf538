import { parseOptions } from '@netspace/prep/internal';
import { type SpaceSuggestion, suggestSpace, type SuggestionReason } from '@netspace/train';
import type { InstanceRecord } from '@netspace/zoo';

import { trainConfigOptions } from './train-config.js';

/** A config of `netspace train` as a file has it, and why it is as it is. */
export interface ProposedConfig {
  readonly config: Readonly<Record<string, unknown>>;
  readonly reasons: readonly SuggestionReason[];
}

/**
 * A config that fits a zoo: what `suggestSpace` says, with the names of files.
 *
 * @param changes options of the command line, which go over what is proposed
 * @throws NetSpaceError what `suggestSpace` throws; `INVALID_OPTION` if a change is wrong
 */
export function proposeConfig(zoo: string, records: readonly InstanceRecord[], changes: Readonly<Record<string, unknown>>): ProposedConfig {
  const steps = typeof changes['steps'] === 'number' ? { steps: changes['steps'] } : {};
  const { space, holdOut, task, batch, augment, learningRate, steps: all, reasons } = suggestSpace(records, steps);
  const config = {
    zoo,
    ...(task.kind === 'classification' && { data: dataFor(records[0]!.architecture) }),
    space,
    ...heldOut(holdOut),
    ...{ task, batch },
    ...(augment.permuteChannels && { augment }),
    ...{ learningRate, steps: all, seed: 0, readEvery: 10, checkpointEvery: 500 },
    ...changes,
  };
  parseOptions('train options', trainConfigOptions, config);
  return { config, reasons };
}

function heldOut({ names, seeds }: SpaceSuggestion['holdOut']): object {
  const given = { ...(names.length > 0 && { names }), ...(seeds.length > 0 && { seeds }) };
  return Object.keys(given).length === 0 ? {} : { holdOut: given };
}

/** Images of the size that a classifier's name tells; a path is left for the user to fill in. */
function dataFor(name: string): string {
  const size = Number(/-\d+x(\d+)x/.exec(name)?.[1]);
  const known: Readonly<Record<number, string>> = {
    28: 'mnist',
    32: 'cifar10:PATH',
    16: 'cifar10-16:PATH',
    64: 'tiny-imagenet:PATH',
  };
  return known[size] ?? 'mnist';
}
