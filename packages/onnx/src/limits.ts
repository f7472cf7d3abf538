import { NetSpaceError } from '@netspace/prep';

/** Upper limits of an ONNX file, checked before anything of that size is allocated or done. */
export interface OnnxLimits {
  /** Nodes of all graphs and functions, those of a function each time that it is called. */
  readonly nodes: number;
  /** Initializers, and tensors in attributes. */
  readonly tensors: number;
  /** Bytes of all tensors. */
  readonly dataBytes: number;
  /** Axes of one tensor. */
  readonly rank: number;
  /** Characters of all names. */
  readonly nameCharacters: number;
  /** Numbers in attributes. */
  readonly attributeValues: number;
  /** Graphs and functions within one another. */
  readonly depth: number;
  /** Numbers in one value that the graph makes of its constants, such as those of Expand and Range. */
  readonly valueSize: number;
}

/** The limits that {@link architectureFromOnnx} applies unless its option `limits` changes them. */
export const ONNX_LIMITS: OnnxLimits = {
  nodes: 50_000,
  tensors: 50_000,
  dataBytes: 2 ** 30,
  rank: 16,
  nameCharacters: 16_000_000,
  attributeValues: 4_000_000,
  depth: 16,
  valueSize: 2 ** 26,
};

export const limitExceeded = (limit: keyof OnnxLimits, allowed: number, got: number): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `architectureFromOnnx: expected at most ${allowed} ${limit}, got ${got}; raise limits.${limit}`);

/** Counts against a file's limits. */
export type Budget = (limit: keyof OnnxLimits, amount: number) => void;

/** One count a limit: `rank`, `depth` and `valueSize` are of one thing, the others add up. */
export function budgetOf(limits: OnnxLimits): Budget {
  const totals: Partial<Record<keyof OnnxLimits, number>> = {};
  return (limit, amount) => {
    const total = limit === 'rank' || limit === 'depth' || limit === 'valueSize' ? amount : (totals[limit] ?? 0) + amount;
    if (!(total <= limits[limit])) throw limitExceeded(limit, limits[limit], total);
    totals[limit] = total;
  };
}

export const corruptFile = (message: string, options?: ErrorOptions): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `architectureFromOnnx: ${message}; the file is damaged or no ONNX model`, options);

/** A name of a file's own in an error message, which it must not flood. */
export const brief = (text: string): string => (text.length > 100 ? `${text.slice(0, 80)}… (${text.length} characters)` : text);
