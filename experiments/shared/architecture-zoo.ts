import type { ZooRecipe } from '@netspace/train';
import { thinDataset } from '@netspace/zoo';

import type { Splits } from './data.js';
import type { Context } from './experiment.js';
import { builtZoo, type Member } from './zoo-stage.js';

export type Group = ZooRecipe['groups'][number];

/** The network that all are to imitate. */
export interface TeacherConfig {
  /** One network; it may be of an architecture that the space does not know. */
  readonly teacher: Group;
  /** Test images that a network is measured on when it has been trained; results have their own. */
  readonly testImages: number;
}

/** Good networks of several architectures, and the one that all are to imitate. */
export interface ArchitectureZooConfig extends TeacherConfig {
  /** At least one an architecture; each is a zoo of its own, so that changing one leaves the others as they are. */
  readonly groups: readonly Group[];
  /** Every instance of these seeds is kept from the space, to test it on. */
  readonly heldOutSeeds: readonly number[];
}

export interface ArchitectureZoo {
  readonly known: readonly Member[];
  readonly heldOut: readonly Member[];
  readonly teacher: Member;
}

/** Trains the networks, or loads those that are there. */
export async function architectureZoo(context: Context, config: ArchitectureZooConfig, splits: Splits): Promise<ArchitectureZoo> {
  const { groups, heldOutSeeds } = config;
  const build = (group: Group) => trained(context, group.architecture, { ...config, group, splits });
  const members: Member[] = [];
  if (context.queue !== undefined) members.push(...(await Promise.all(groups.map(build))).flat());
  else for (const group of groups) members.push(...(await build(group)));
  const isHeldOut = ({ record }: Member): boolean => heldOutSeeds.includes(record.seed - context.seed);
  return {
    known: members.filter((member) => !isHeldOut(member)),
    heldOut: members.filter(isHeldOut),
    teacher: await teacherOf(context, config, splits),
  };
}

/** Trains the one network that all are to imitate, or loads it. */
export async function teacherOf(context: Context, { teacher: group, testImages }: TeacherConfig, splits: Splits): Promise<Member> {
  const members = await trained(context, `teacher-${group.architecture}`, { group, heldOutSeeds: [], testImages, splits });
  return members.at(-1)!;
}

interface GroupToTrain extends Pick<ArchitectureZooConfig, 'heldOutSeeds' | 'testImages'> {
  readonly group: Group;
  readonly splits: Splits;
}

function trained(context: Context, name: string, { group, heldOutSeeds, testImages, splits }: GroupToTrain): Promise<readonly Member[]> {
  const { seed, stepsLimit } = context;
  const groups: ZooRecipe['groups'] = [stepsLimit === undefined ? group : limited(group, stepsLimit, heldOutSeeds)];
  const test = thinDataset(splits.test, stepsLimit === undefined ? testImages : 16);
  return builtZoo(context, { name, recipe: { data: splits.train.name, seed, groups }, splits: { ...splits, test } });
}

/** One network to learn from and one held out, or the teacher, of a few steps each: to prove that steps of this size run. */
function limited(group: Group, steps: number, heldOutSeeds: readonly number[]): Group {
  const seeds = Array.isArray(group.seeds) ? [group.seeds[0]!] : [[0, 1].find((seed) => !heldOutSeeds.includes(seed))!, heldOutSeeds[0]!];
  return { ...group, seeds, unit: 'steps', lengths: [steps] };
}
