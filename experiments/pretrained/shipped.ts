/** What a folder of `pretrained/` says of itself, and what `netspace export` is told beside the space and its zoos. */
export interface Shipped {
  readonly title: string;
  readonly description: string;
  /** Of `--data`, with a path relative to the folder of data; shapes need none. */
  readonly data?: { readonly kind: string; readonly path?: string };
  /** How many images go with it; none if their license does not allow it. */
  readonly sample?: number;
  /** Steps of the refinement that its card shows beside encodings. */
  readonly refine: number;
  /** Whether networks are shown at their refined encodings. */
  readonly shownRefined?: boolean;
}

export const SHIPPED: Readonly<Record<string, Shipped>> = {
  chairs: { title: 'Chairs', description: 'Shapes of seats, as signed distance functions: some that the space learned, and some that it never saw.', refine: 300 },
  classifiers: {
    title: 'CIFAR-10 classifiers',
    description: 'Networks of four architectures that tell ten kinds of things apart on photographs of 16 × 16 pixels, from poor to good.',
    data: { kind: 'cifar10-16', path: 'cifar-10-batches-bin' },
    refine: 20,
  },
  digits: {
    title: 'Digit classifiers',
    description: 'Networks of three architectures that read handwritten digits, from poor to good.',
    data: { kind: 'mnist' },
    sample: 500,
    refine: 100,
  },
  seats: {
    title: 'Seats',
    description: 'Shapes of seats made by rule, as signed distance functions: some that the space learned, and some, also hand-modeled ones, that it never saw.',
    refine: 300,
    shownRefined: true,
  },
};
