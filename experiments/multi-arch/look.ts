import { accuracyByArchitecture, boundaryWalks, evaluateSpace } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { ImageDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import type { Member } from '../shared/zoo-stage.js';

export interface LookOptions {
  readonly heldOut: readonly Member[];
  readonly images: ImageDataset;
  readonly pairs: number;
  readonly stops: number;
  readonly signal: AbortSignal;
}

/** What learning curves show and ablations are compared by: means over held-out instances, and over walks between them. */
export async function lookAt(
  space: NetSpace,
  { heldOut, images, signal, ...walking }: LookOptions,
): Promise<Readonly<Record<string, number>>> {
  const { instances } = await evaluateSpace(space, heldOut, images, { signal });
  const architectures = accuracyByArchitecture(space, instances);
  const { gammas, walks, inOrder } = await boundaryWalks(space, heldOut, images, walking);
  return {
    classIdRight: mean(architectures.map(({ classIdRight }) => classIdRight)),
    walksInOrder: inOrder,
    ...record(architectures.map(({ architecture, predicted }) => [`accuracy of ${architecture}`, predicted])),
    ...record(gammas.map((gamma, i) => [accuracyAt(gamma), mean(walks.map(({ accuracies }) => accuracies[i]!))])),
  };
}

/** Under which name a look has the mean accuracy of its walks at a γ. */
export const accuracyAt = (gamma: number): string => `accuracy at γ = ${gamma.toFixed(2)}`;

const record = (entries: readonly (readonly [string, number])[]): Readonly<Record<string, number>> => Object.fromEntries(entries);
