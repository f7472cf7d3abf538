import { parameterCount } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import { architectureByName, type InstanceRecord } from '@netspace/zoo';

import { trainConfigOptions } from './train-config.js';

/** A config of `netspace train` as a file has it. */
export type ProposedConfig = Readonly<Record<string, unknown>>;

/**
 * A config that fits a zoo: what to learn, how large a space, what to hold out.
 *
 * - The task follows from what the networks are: classifiers are compared on images, shapes on points, others by their weights.
 * - The sizes follow from the largest network, as in our experiments.
 * - The space starts from the best network of each architecture, in the zoo's units: spaces that start at random collapse in short runs.
 * - The networks of the last seed are held out, if there are three seeds or more.
 *
 * @param changes options of the command line, which go over what is proposed
 * @throws NetSpaceError `NOT_FOUND` if an architecture is none that a config can name, `INVALID_OPTION` if a change is wrong
 */
export function proposeConfig(zoo: string, records: readonly InstanceRecord[], changes: ProposedConfig): ProposedConfig {
  const architectures = [...new Set(records.map(({ architecture }) => architecture))].map(architectureByName);
  const largest = Math.max(...architectures.map(({ parameters }) => parameterCount(parameters)));
  const all = (purpose: string) => architectures.every((architecture) => architecture.purpose === purpose);
  const heldOut = seedToHoldOut(records);
  const learned = records.filter(({ seed }) => seed !== heldOut).length;
  const nets = Math.min(8, learned);
  const config = {
    zoo,
    ...(all('classifier') && { data: dataFor(architectures[0]!.name), task: { kind: 'classification' }, batch: { nets, inputs: 64 } }),
    ...(all('sdf') && architectures.length === 1 && { task: { kind: 'sdf' }, batch: { nets, inputs: 1024 } }),
    ...(!all('classifier') && !(all('sdf') && architectures.length === 1) && { task: { kind: 'weights' }, batch: { nets } }),
    ...(heldOut !== undefined && { holdOut: { seeds: [heldOut] } }),
    space: { preset: largest < 5000 ? 'tiny' : largest < 200_000 ? 'small' : 'paper', start: 'instances', units: 'zoo' },
    ...{ steps: 5000, learningRate: 1e-3, seed: 0, readEvery: 10, checkpointEvery: 500 },
    ...changes,
  };
  parseOptions('train options', trainConfigOptions, config);
  return config;
}

/** The last of at least three seeds of a zoo whose other seeds have every architecture. */
function seedToHoldOut(records: readonly InstanceRecord[]): number | undefined {
  const seeds = [...new Set(records.map(({ seed }) => seed))].sort((a, b) => a - b);
  const last = seeds.at(-1);
  const without = new Set(records.filter(({ seed }) => seed !== last).map(({ architecture }) => architecture));
  return seeds.length >= 3 && records.every(({ architecture }) => without.has(architecture)) ? last : undefined;
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
