import type { ZooRecipe } from '@netspace/node';

import type { Splits } from './data.js';
import type { Context } from './experiment.js';
import { builtZoo, type Member } from './zoo-stage.js';

type Group = ZooRecipe['groups'][number];

/** Good networks of several architectures, and the one that all are to imitate. */
export interface ArchitectureZooConfig {
  /** At least one an architecture; each is a zoo of its own, so that changing one leaves the others as they are. */
  readonly groups: readonly Group[];
  /** One network; it may be of an architecture that the space does not know. */
  readonly teacher: Group;
  /** Every instance of these seeds is kept from the space, to test it on. */
  readonly heldOutSeeds: readonly number[];
}

export interface ArchitectureZoo {
  readonly known: readonly Member[];
  readonly heldOut: readonly Member[];
  readonly teacher: Member;
}

/** Trains the networks, or loads those that are there. */
export async function architectureZoo(
  context: Context,
  { groups, teacher, heldOutSeeds }: ArchitectureZooConfig,
  splits: Splits,
): Promise<ArchitectureZoo> {
  const zoo = (name: string, group: Group): Promise<readonly Member[]> => {
    const groups: ZooRecipe['groups'] = [context.stepsLimit === undefined ? group : limited(group, context.stepsLimit, heldOutSeeds)];
    return builtZoo(context, { name, recipe: { data: splits.train.name, seed: context.seed, groups }, splits });
  };
  const members: Member[] = [];
  for (const group of groups) members.push(...(await zoo(group.architecture, group)));
  const isHeldOut = ({ record }: Member): boolean => heldOutSeeds.includes(record.seed - context.seed);
  const teachers = await zoo(`teacher-${teacher.architecture}`, teacher);
  return {
    known: members.filter((member) => !isHeldOut(member)),
    heldOut: members.filter(isHeldOut),
    teacher: teachers.at(-1)!,
  };
}

/** One network to learn from and one held out, or the teacher, of a few steps each: to prove that steps of this size run. */
function limited(group: Group, steps: number, heldOutSeeds: readonly number[]): Group {
  const seeds = Array.isArray(group.seeds) ? [group.seeds[0]!] : [[0, 1].find((seed) => !heldOutSeeds.includes(seed))!, heldOutSeeds[0]!];
  return { ...group, seeds, unit: 'steps', lengths: [steps] };
}
