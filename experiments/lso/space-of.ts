import type { NetSpace } from '@netspace/model';

import { learnMultiArch } from '../multi-arch/learned.js';
import type { Splits } from '../shared/data.js';
import type { Context } from '../shared/experiment.js';
import { teacherOf } from '../shared/architecture-zoo.js';
import { gradedSpace } from '../shared/graded/graded-space.js';
import type { Member } from '../shared/zoo-stage.js';
import type { LsoCase } from './config.js';
import { gradedArchitectures } from '../shared/graded/graded-architectures.js';

export interface SpaceToSearch {
  readonly space: NetSpace;
  readonly heldOut: readonly Member[];
  readonly teacher: Member;
  readonly images: Splits;
}

/** The space of a case, learned or loaded, with networks it has not seen and the one that all are to imitate. */
export async function spaceOf(one: LsoCase, context: Context): Promise<SpaceToSearch> {
  const learned = await learnedSpace(one, context);
  return { ...learned, teacher: await teacherOf(context, one.teacher, learned.images) };
}

export async function learnedSpace(one: LsoCase, context: Context): Promise<Omit<SpaceToSearch, 'teacher'>> {
  if (one.kind === 'graded') {
    const { space, zoo, splits } = await gradedSpace(context, one.space, { name: one.files, seed: context.seed });
    return { space, heldOut: zoo.heldOut, images: splits };
  }
  if (one.kind === 'graded-architectures') {
    const { space, heldOut, splits } = await gradedArchitectures(context, one.space, { name: one.files });
    return { space, heldOut, images: splits };
  }
  const { images, zoo, trained } = await learnMultiArch(one.space, context);
  return { space: trained.space, heldOut: zoo.heldOut, images };
}
