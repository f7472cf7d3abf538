import type { PicturesFigure } from '@netspace/report';
import { prepPicture } from '@netspace/report/pictures'; // without the charts, which take as long to load as all else together
import type { NetSpace } from '@netspace/model';
import { packPRep, type Instance } from '@netspace/prep';

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
