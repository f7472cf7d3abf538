import type { Architecture } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import { type SpaceSuggestion, suggestSpace, type SuggestionReason } from '@netspace/train';
import type { InstanceRecord } from '@netspace/zoo';

import type { FindArchitecture } from '../../architectures/architectures-in.js';
import { trainConfigOptions } from './train-config.js';

/** A config of `netspace train` as a file has it, and why it is as it is. */
export interface ProposedConfig {
  readonly config: Readonly<Record<string, unknown>>;
  readonly reasons: readonly SuggestionReason[];
}

export interface ProposeConfigOptions {
  /** Options of the command line, which go over what is proposed. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** Finds the architectures of the zoo. */
  readonly find: FindArchitecture;
}

/**
 * A config that fits a zoo: what `suggestSpace` says, with the names of files.
 *
 * @throws NetSpaceError what `suggestSpace` throws; `INVALID_OPTION` if a change is wrong
 */
export function proposeConfig(zoo: string, records: readonly InstanceRecord[], { changes, find }: ProposeConfigOptions): ProposedConfig {
  const known = new Map([...new Set(records.map(({ architecture }) => architecture))].map((name) => [name, find(name)]));
  const networks = records.map((record) => ({ ...record, architecture: known.get(record.architecture)! }));
  const steps = typeof changes['steps'] === 'number' ? { steps: changes['steps'] } : {};
  const { space, holdOut, task, batch, embeddings, augment, learningRate, steps: all, reasons } = suggestSpace(networks, steps);
  const config = {
    zoo,
    ...(task.kind === 'classification' && { data: dataFor(networks[0]!.architecture) }),
    ...(task.kind === 'regression' && { data: 'PATH.npz' }),
    space,
    ...heldOut(holdOut),
    ...{ task, batch },
    ...(embeddings && { embeddings }),
    ...(augment.permuteChannels && { augment }),
    ...{ learningRate, steps: all, seed: 0, readEvery: 10, checkpointEvery: Math.min(500, Math.ceil(all / 5)) },
    ...changes,
  };
  parseOptions('train options', trainConfigOptions, config);
  return { config, reasons };
}

function heldOut({ names, seeds }: SpaceSuggestion['holdOut']): object {
  const given = { ...(names.length > 0 && { names }), ...(seeds.length > 0 && { seeds }) };
  return Object.keys(given).length === 0 ? {} : { holdOut: given };
}

/** Images of the size that a classifier takes, as its inputs or its name tell; a path is left for the user to fill in. */
function dataFor({ name, inputs }: Architecture): string {
  const size = inputs?.[0]?.shape[1] ?? Number(/-\d+x(\d+)x/.exec(name)?.[1]);
  const known: Readonly<Record<number, string>> = {
    28: 'mnist',
    32: 'cifar10:PATH',
    16: 'cifar10-16:PATH',
    64: 'tiny-imagenet:PATH',
  };
  return known[size] ?? 'mnist';
}
