/** One kind of network, and a training of it that zoos have. */
export interface ZooCase {
  readonly network: 'lenet' | 'cnn' | 'resnet8' | 'siren';
  readonly title: string;
  /** Images or points of a network per step. */
  readonly batch: number;
  /** Steps of a training. */
  readonly steps: number;
  /** Networks at once. */
  readonly counts: readonly number[];
}

const images = { batch: 64, steps: 1000 } as const;

/** More at once of the two larger ones would not fit into the memory of wasm, 4 GiB. */
export const ZOO_CASES: readonly ZooCase[] = [
  { network: 'lenet', title: 'LeNetLike, width 0.25, 1×28×28', ...images, counts: [1, 8, 64] },
  { network: 'cnn', title: 'CNN of 10,853 parameters, 3×32×32', ...images, counts: [1, 8, 16] },
  { network: 'resnet8', title: 'ResNet8, width 0.375, 3×32×32', ...images, counts: [1, 8, 16] },
  { network: 'siren', title: 'SIREN, 128 hidden units', batch: 512, steps: 2000, counts: [1, 8, 64] },
];

/** What a process of a contender is asked to do in each round. */
export interface ZooRound {
  readonly network: ZooCase['network'];
  readonly batch: number;
  /** Networks at once; 0 trains one by `trainInstance` or `fitSdf`. */
  readonly count: number;
  /** Steps that are timed, after one that is not. */
  readonly timed: number;
}
