import { accuracy, evenGammas, walk } from '@netspace/explore';
import { disposeInstances } from '@netspace/prep';
import type { NetSpace } from '@netspace/model';
import type { ImageDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import type { Member } from './zoo-stage.js';

export interface ArchitectureWalk {
  readonly from: string;
  readonly to: string;
  /** What the class head says at each γ. */
  readonly classIds: readonly number[];
  /** Of the network that the embedding decodes to, as the architecture of that ClassId. */
  readonly accuracies: readonly number[];
}

/** Walks from each network of the smallest architecture to the one at the same place of those of the largest. */
export interface ArchitectureWalks {
  readonly gammas: readonly number[];
  readonly walks: readonly ArchitectureWalk[];
  /** Fraction of the walks that pass through every architecture, in order of size. */
  readonly inOrder: number;
}

export async function architectureWalks(
  space: NetSpace,
  members: readonly Member[],
  { pairs, stops, images }: { readonly pairs: number; readonly stops: number; readonly images: ImageDataset },
): Promise<ArchitectureWalks> {
  const gammas = evenGammas(stops);
  const walks: ArchitectureWalk[] = [];
  for (const [from, to] of boundaryMembers(space, members).slice(0, pairs)) {
    const { embeddings, instances } = await walk(space, from.instance, to.instance, { gammas });
    const accuracies: number[] = [];
    for (const instance of instances) accuracies.push(await accuracy(instance, images));
    walks.push({ from: from.name, to: to.name, classIds: instances.map(({ classId }) => classId), accuracies });
    embeddings.dispose();
    disposeInstances(instances);
  }
  return { gammas, walks, inOrder: mean(walks.map(({ classIds }) => Number(isInOrder(classIds, space.architectures.length)))) };
}

/** Pairs of the smallest and the largest architecture: as many as the rarer has networks. */
export function boundaryMembers(space: NetSpace, members: readonly Member[]): readonly (readonly [Member, Member])[] {
  const [smallest, largest] = [space.architectures.at(0), space.architectures.at(-1)].map((architecture) =>
    members.filter(({ instance }) => instance.architecture.name === architecture?.name),
  );
  return smallest!.slice(0, largest!.length).map((from, i) => [from, largest![i]!]);
}

const isInOrder = (classIds: readonly number[], architectures: number): boolean =>
  new Set(classIds).size === architectures && classIds.every((classId, i) => i === 0 || classId >= classIds[i - 1]!);
