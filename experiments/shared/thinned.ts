import { evenlySpread, subsetDataset, type ImageDataset } from '@netspace/zoo';

/** At most `count` images, evenly spread over the data set. */
export function thinned(dataset: ImageDataset, count: number): ImageDataset {
  return count >= dataset.count ? dataset : subsetDataset(dataset, evenlySpread(count, dataset.count));
}
