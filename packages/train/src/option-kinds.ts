import { thing } from '@netspace/prep/internal';
import type { ImageDataset, InstanceStore } from '@netspace/zoo';

/** Labeled images, as `createImageDataset` makes them. */
export const imageDataset = thing<ImageDataset>('an image data set', ['name', 'images', 'labels', 'count', 'shape', 'classes']);

/** An instance store, as `openInstanceStore` opens it. */
export const instanceStore = thing<InstanceStore>('an instance store', ['list', 'has', 'add', 'load']);
