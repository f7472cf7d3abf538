/** One thing to time, by the same name on every runtime and in PyTorch. */
export interface Scenario {
  readonly name: string;
  /** A training step of the paper's three settings, or one use of a trained space. */
  readonly kind: 'single' | 'multi' | 'sdf' | 'encode' | 'decode' | 'inference' | 'layers-model';
  readonly nets: number;
  readonly images: number;
  readonly prepShape: readonly [height: number, width: number];
  /** Architectures of the space; 4 in the paper's multi-architecture setting. */
  readonly architectures: number;
  /** Whether `bench/peers` has the same step. */
  readonly peer: boolean;
  /** Timed rounds after the warm-up. */
  readonly rounds: number;
  /** How often a round does it, short things more than once; a round's time is divided by it. */
  readonly repeats: number;
  /** Each contender by itself, one after the other, instead of in turns: all of them together would not fit into memory. */
  readonly apart: boolean;
}

const step = (kind: Scenario['kind'], nets: number, prepShape: Scenario['prepShape'], more: Partial<Scenario> = {}): Scenario => ({
  name: `${kind} ${prepShape.join('×')}, ${nets} nets`,
  kind,
  nets,
  images: 128,
  prepShape,
  architectures: kind === 'multi' ? 4 : 1,
  peer: kind === 'single' || kind === 'multi' || kind === 'sdf',
  rounds: 7,
  repeats: 1,
  apart: false,
  ...more,
});

/** The paper's steps at full size: what the goals are about. */
const STEPS: readonly Scenario[] = [
  step('single', 2, [16, 10_000]),
  step('single', 8, [16, 10_000], { rounds: 3 }),
  step('multi', 2, [88, 10_000], { rounds: 3, apart: true, name: 'multi 88×10000, boundary pair' }),
  step('sdf', 2, [8, 10_000]),
];

/** What a trained space is used for. */
const USES: readonly Scenario[] = [
  step('encode', 1, [16, 10_000], { name: 'encode one network, 16×10000' }),
  step('encode', 8, [16, 10_000], { name: 'encode eight networks, 16×10000' }),
  step('decode', 1, [16, 10_000], { name: 'decode one embedding, 16×10000' }),
  step('decode', 8, [16, 10_000], { name: 'decode eight embeddings, 16×10000' }),
  step('inference', 1, [16, 10_000], { name: 'predicted ResNet8, 1 image', images: 1, rounds: 15, repeats: 20 }),
  step('inference', 1, [16, 10_000], { name: 'predicted ResNet8, 128 images', rounds: 15 }),
];

const GROWING = { images: 32, rounds: 3, peer: false } as const;

/** How cost grows with each thing that can grow. */
const GROWTH: readonly Scenario[] = [
  ...[1, 2, 4, 8].map((times) => step('single', 1, [16 * times, 10_000], { name: `PRep ×${times}`, ...GROWING })),
  ...[1, 2, 4, 8, 16].map((nets) => step('single', nets, [16, 10_000], { name: `nets ${nets}`, ...GROWING })),
  ...[1, 2, 4, 8].map((architectures) =>
    step('multi', 2, [56, 10_000], { name: `architectures ${architectures}`, architectures, ...GROWING }),
  ),
];

/** What `--set` chooses from. */
export const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = { steps: STEPS, uses: USES, growth: GROWTH };
