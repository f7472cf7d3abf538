import type { NetSpace } from '@netspace/model';
import type { ImageDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import { architectureAccuracies } from '../shared/architecture-accuracy.js';
import { architectureWalks } from '../shared/architecture-walks.js';
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
  const { architectures } = await architectureAccuracies({ signal }, space, heldOut, images);
  const { gammas, walks, inOrder } = await architectureWalks(space, heldOut, { ...walking, images });
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
