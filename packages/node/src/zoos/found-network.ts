import type { RawTensor } from '@netspace/formats';
import type { Architecture, Instance } from '@netspace/prep';

/** A network of somebody else's zoo, whose weights are read when they are wanted. */
export interface FoundNetwork {
  /** A name that it may have in ours. */
  readonly name: string;
  /** Where it is, for messages. */
  readonly place: string;
  readonly epochs: number;
  readonly seed: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** By the names that its file has, in PyTorch's order. */
  tensors(): Promise<ReadonlyMap<string, RawTensor>>;
  /** The network itself, for a file that is read by its architecture alone. */
  readonly instance?: (architecture: Architecture) => Promise<Instance>;
}

/** How a zoo is laid out. */
export const LAYOUTS = ['files', 'ray-tune', 'small-cnn', 'inr2vec', 'hugging-face'] as const;
export type ZooLayout = (typeof LAYOUTS)[number];

/** A zoo as it was found. */
export interface FoundZoo {
  readonly layout: ZooLayout;
  /** What was taken for granted, in sentences: an import says it. */
  readonly said: readonly string[];
  readonly networks: AsyncIterable<FoundNetwork> | Iterable<FoundNetwork>;
}

/** Options of {@link readZoo}, as the command gives them. */
export interface ZooSource {
  readonly folder: string;
  /** Path of a network's file within the folder; its name is what stands for the `*`. */
  readonly pattern?: string | undefined;
  /** A CSV file, or JSON lines, with a line for each network. */
  readonly metrics?: string | undefined;
  /** Which checkpoints of a training: the last, all, or that of an epoch. */
  readonly checkpoints?: 'last' | 'all' | number | undefined;
  /** The number that a training's results give to the untrained network. */
  readonly epochOffset?: number | undefined;
}

/** Walks the files of a source's folder, as `walkFiles`. */
export type FilesOf = () => Promise<readonly string[]>;

/** What is refused of somebody else's zoo. */
export const ZOO_SOURCE_LIMITS = {
  /** Files and folders that are looked at. */
  files: 2_000_000,
  /** Folders within folders. */
  depth: 16,
  /** Bytes of a table, unpacked. */
  tableBytes: 2 ** 30,
  /** Bytes of one line of a table. */
  lineBytes: 2 ** 20,
  /** Lines of a table. */
  lines: 2_000_000,
  /** Columns of a table. */
  columns: 1000,
  /** Bytes of a file of HDF5. */
  hdf5Bytes: 2 ** 30,
  /** Numbers of one network. */
  parameters: 2 ** 28,
} as const;

/** A seed that a store takes; 0 for what is none. */
export const seedOrNone = (seed: number | undefined): number => (seed !== undefined && Number.isSafeInteger(seed) && seed >= 0 ? seed : 0);

/** Finite numbers only, which is what a store takes. */
export const finiteOnly = (numbers: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).filter((entry): entry is [string, number] => Number.isFinite(entry[1])));
