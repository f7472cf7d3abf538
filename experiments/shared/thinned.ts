import { subsetDataset, type ImageDataset } from '@netspace/zoo';

/** At most `count` images, evenly spaced over the data set. */
export function thinned(dataset: ImageDataset, count: number): ImageDataset {
  if (count >= dataset.count) return dataset;
  return subsetDataset(
    dataset,
    Array.from({ length: count }, (_, i) => Math.floor((i * dataset.count) / count)),
  );
}
