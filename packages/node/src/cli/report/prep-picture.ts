import type { PicturesFigure } from '@netspace/report';
import { prepPicture } from '@netspace/report/pictures'; // without the charts, which take as long to load as all else together
import type { NetSpace } from '@netspace/model';
import { packPRep, type Instance } from '@netspace/prep';

import type { EvaluationVerdict } from '../evaluation/evaluation-verdict.js';

export type TitledPicture = PicturesFigure['pictures'][number];

/** The PRep of a network. */
export async function pictureOf(space: NetSpace, title: string, instance: Instance, note: string): Promise<TitledPicture> {
  const prep = packPRep(instance, space.config.prepShape);
  try {
    return { picture: prepPicture(await prep.array(), { parameters: instance.architecture.parameters }), title, note };
  } finally {
    prep.dispose();
  }
}

/** Says that pictures are of encodings, where the figures are of refined ones. */
export const picturesWords = ({ refined }: Pick<EvaluationVerdict, 'refined'>): readonly string[] =>
  refined
    ? ['The predictions drawn here are of encodings as the encoder gives them, not of the refined ones that the figures are of.']
    : [];
