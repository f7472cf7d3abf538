import { NetSpaceError } from '@netspace/prep';
import type { ImageDataset } from '@netspace/zoo';

import type { Session } from '../session.js';

/**
 * The images that networks are run on.
 *
 * @throws NetSpaceError `UNSUPPORTED` where the folder has none
 */
export function datasetOf({ dataset, manifest }: Session): ImageDataset {
  if (dataset !== undefined) return dataset;
  throw new NetSpaceError(
    'UNSUPPORTED',
    `explorer: expected images in ${manifest.title} to run networks on, got none; export the space with --sample`,
  );
}
