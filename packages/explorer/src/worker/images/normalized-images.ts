import { NetSpaceError } from '@netspace/prep';
import { createImageDataset, type ImageDataset } from '@netspace/zoo';

/**
 * A visitor's images as a data set that is normalized as the sample is.
 *
 * @param images HWC from 0 to 255, one after the other
 * @throws NetSpaceError `SHAPE_MISMATCH` for bytes that are no whole images of the sample's size, `INVALID_OPTION` for labels that are no class
 */
export function visitorsImages({ shape, classes, mean, std }: ImageDataset, images: Uint8Array, labels?: readonly number[]): ImageDataset {
  const count = images.length / (shape[0] * shape[1] * shape[2]);
  if (!Number.isInteger(count) || count === 0) {
    throw new NetSpaceError('SHAPE_MISMATCH', `explorer: expected images of [${shape}], got ${images.length} bytes; scale the image first`);
  }
  const given = labels ?? Array<number>(count).fill(0);
  const bad = given.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (given.length !== count || bad !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', `explorer: expected a class from 0 to ${classes - 1} for each of ${count} images, got ${given}; label each`); // prettier-ignore
  }
  return createImageDataset({ name: 'drawn', images, labels: Uint8Array.from(given), shape, classes, mean, std });
}
