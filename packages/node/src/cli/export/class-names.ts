import type { DatasetSource } from '../../datasets/dataset-spec.js';

/** Names of the classes of the data sets that have the same ones always. */
const KNOWN: Partial<Record<DatasetSource['kind'], readonly string[]>> = {
  mnist: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  cifar10: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
};

/** Names of the classes of a data set; undefined where they depend on the files, as Tiny-ImageNet's. */
export const classNamesOf = ({ kind }: DatasetSource): readonly string[] | undefined => KNOWN[kind];
