const MIB = 2 ** 20;

/** Sizes of the files of a zoo, and what is refused beyond them before anything is parsed or allocated. */
export const LOG_LIMITS = {
  /** Bytes of `manifest.json`. */
  headBytes: 4096,
  /** Bytes of one record, with its metrics. */
  lineBytes: 64 * 1024,
  /** Bytes of a segment of the index; the next record begins a new one. */
  segmentBytes: MIB / 2,
  /** Bytes of a shard; the next network begins a new one. */
  shardBytes: 64 * MIB,
  /** A larger network has a file of its own. */
  sharedBytes: MIB,
  /** Networks of one zoo. */
  instances: 10_000_000,
} as const;
