import type { ImageDataset } from '@netspace/zoo';
import { median } from 'simple-statistics';

/** An accuracy that a zoo says, `testAccuracy`, and the one that was measured. */
export interface RecordedAccuracy {
  readonly name: string;
  readonly recorded: number;
  readonly measured: number;
}

/** Differences up to here are nobody's mistake, however many images there are. */
const USUAL = 0.05;

/**
 * A sentence for a zoo whose networks do otherwise on a data set than the zoo says: their images were others, or were normalized in another way.
 * Nothing else shows that of a network that was trained elsewhere.
 *
 * The median difference is compared, because single networks may be mistaken, with 5 points and with three standard errors of an accuracy.
 *
 * @param images how many each network was measured on
 */
export function recordedAccuracyRemarks(
  pairs: readonly RecordedAccuracy[],
  images: number,
  { name: data, ...statistics }: Pick<ImageDataset, 'name'> & Partial<Pick<ImageDataset, 'mean' | 'std'>>,
): readonly string[] {
  if (pairs.length === 0) return [];
  const difference = ({ recorded, measured }: RecordedAccuracy): number => Math.abs(recorded - measured);
  const middle = median(pairs.map(difference));
  if (middle <= Math.max(USUAL, (3 * 0.5) / Math.sqrt(images))) return [];
  const { name, recorded, measured } = pairs.toSorted((a, b) => difference(b) - difference(a))[0]!;
  const { mean, std } = statistics;
  const [scaling, maker] =
    mean === undefined || std === undefined
      ? ['data, or on numbers that were scaled in another way', 'datasetFromTensors']
      : [
          `images, or on images that were normalized in another way than with mean ${listOf(mean)} and deviation ${listOf(std)}`,
          'createImageDataset',
        ];
  return [
    `The zoo says other accuracies than these ${mean === undefined ? 'inputs' : 'images'} give: the median difference is ${(100 * middle).toFixed(1)} points; ${name} has testAccuracy ${Number(recorded.toPrecision(4))} in the zoo and ${Number(measured.toPrecision(4))} on ${data}. ` +
      `The networks were probably trained on other ${scaling}. ` +
      `Give the data set the normalization of their training: ${maker} takes mean and std${mean === undefined ? ' (#mean= and #std= behind the path of a file)' : ''}. If testAccuracy is in percent, import it as a share of 1.`,
  ];
}

const listOf = (numbers: readonly number[]): string => numbers.map((number) => Number(number.toPrecision(4))).join(', ');
