import { spearman } from '@netspace/explore';
import { randomStream } from '@netspace/prep/internal';

/** Which images a network and its prediction get right: 1 or 0 an image. */
export interface Answers {
  readonly target: Uint8Array;
  readonly predicted: Uint8Array;
}

/** How sure a rank correlation of some networks is. */
export interface OrderSpread {
  readonly networks: number;
  readonly images: number;
  /** Of the targets' accuracies. */
  readonly least: number;
  readonly greatest: number;
  /** Of one accuracy, from the number of images: the mean over the networks. */
  readonly standardError: number;
  /** Between the targets' own accuracies on two halves of the images: what a perfect space would reach on half as many. The mean of random halves. */
  readonly ceiling: number;
  readonly spearman: number;
  /** The middle 95 % where the images are drawn anew, with replacement. */
  readonly overImages: readonly [low: number, high: number];
  /** The same where the networks are drawn anew. */
  readonly overNetworks: readonly [low: number, high: number];
  readonly difference: number;
}

export interface OrderSpreadOptions {
  /** How often images or networks are drawn anew. @default 1000 */
  readonly draws?: number;
  /** @default 0 */
  readonly seed?: number;
}

/**
 * Whether the order of networks by accuracy can be known at all: how far their accuracies lie apart beside what chance does to them.
 *
 * @param answers one a network, all of the same images
 */
export function orderSpread(answers: readonly Answers[], { draws = 1000, seed = 0 }: OrderSpreadOptions = {}): OrderSpread {
  const random = randomStream(seed);
  const images = answers[0]!.target.length;
  const below = (limit: number): number => Math.min(limit - 1, Math.floor(random() * limit));
  const all = Array.from({ length: images }, (_, i) => i);
  const share = (right: Uint8Array, of: readonly number[]): number => of.reduce((sum, i) => sum + right[i]!, 0) / of.length;
  const accuracies = (key: keyof Answers, of: readonly number[]): number[] => answers.map((one) => share(one[key], of));
  const [targets, predictions] = [accuracies('target', all), accuracies('predicted', all)];

  const halves = repeated(Math.ceil(draws / 5), () => {
    const order = all.map((i) => [random(), i] as const).sort(([a], [b]) => a - b).map(([, i]) => i); // prettier-ignore
    const half = Math.floor(images / 2);
    return spearman(accuracies('target', order.slice(0, half)), accuracies('target', order.slice(half)));
  });
  const byImages = repeated(draws, () => {
    const drawn = all.map(() => below(images));
    return spearman(accuracies('target', drawn), accuracies('predicted', drawn));
  });
  const byNetworks = repeated(draws, () => {
    const drawn = answers.map(() => below(answers.length));
    return spearman(drawn.map((i) => targets[i]!), drawn.map((i) => predictions[i]!)); // prettier-ignore
  });
  return {
    ...{ networks: answers.length, images, least: Math.min(...targets), greatest: Math.max(...targets) },
    standardError: mean(targets.map((accuracy) => Math.sqrt((accuracy * (1 - accuracy)) / images))),
    ceiling: mean(halves),
    spearman: spearman(targets, predictions),
    ...{ overImages: middle(byImages), overNetworks: middle(byNetworks) },
    difference: mean(targets.map((accuracy, i) => Math.abs(accuracy - predictions[i]!))),
  };
}

const repeated = (times: number, draw: () => number): number[] => Array.from({ length: times }, draw);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The bounds of the middle 95 %. */
function middle(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return [at(0.025), at(0.975)];
}
