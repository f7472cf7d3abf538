import type { NetSpace } from '@netspace/model';

import { learnMultiArch } from '../multi-arch/learned.js';
import type { Splits } from '../shared/data.js';
import type { Context } from '../shared/experiment.js';
import type { Member } from '../shared/zoo-stage.js';
import type { LsoCase } from './config.js';

export interface SpaceToSearch {
  readonly space: NetSpace;
  readonly heldOut: readonly Member[];
  readonly teacher: Member;
  readonly images: Splits;
}

/** The space of a case, learned or loaded, with networks it has not seen. */
export async function spaceOf({ space }: LsoCase, context: Context): Promise<SpaceToSearch> {
  const { images, zoo, trained } = await learnMultiArch(space, context);
  return { space: trained.space, heldOut: zoo.heldOut, teacher: zoo.teacher, images };
}
