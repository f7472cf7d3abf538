import type { Context } from '../shared/experiment.js';
import { gradedSpace, type GradedSpace, type GradedSpaceConfig } from '../shared/graded/graded-space.js';
import type { SingleArchConfig } from './config.js';

/** The same space, learned by one loss or another. */
export interface Form {
  /** What its spaces are called where they are kept, less their seeds. */
  readonly files: string;
  /** Behind the names of what is measured in its spaces; empty for the first form. */
  readonly label: string;
  readonly space: GradedSpaceConfig;
}

/** As the config has it, which other experiments start from; and, where that asks networks to be right as often as their targets, without. */
export function forms({ space }: Pick<SingleArchConfig, 'space'>): readonly Form[] {
  const { accuracyGap = 0, ...task } = space.task;
  const first = { files: 'single-arch', label: '', space };
  return accuracyGap === 0
    ? [first]
    : [first, { files: 'single-arch-without-gap', label: ', without accuracy gap', space: { ...space, task } }];
}

export const trained = (context: Context, { files, space }: Form, seed: number): Promise<GradedSpace> =>
  gradedSpace(context, space, { name: `${files}-${seed}`, seed: context.seed + seed });
