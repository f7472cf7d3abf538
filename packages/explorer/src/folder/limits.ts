/** A folder is an untrusted input: what it claims is refused beyond these, before anything is allocated. */
export const FOLDER_LIMITS = {
  /** Bytes of `explorer.json`. */
  manifestBytes: 64 * 1024 * 1024,
  /** Networks on the map. */
  networks: 100_000,
  /** Numbers of all embeddings together. */
  embeddingNumbers: 64_000_000,
  /** Numbers of one embedding. */
  embeddingSize: 65_536,
  /** Images of the sample. */
  sampleImages: 10_000,
  /** Bytes of the sample's file. */
  sampleBytes: 256 * 1024 * 1024,
  /** Classes of a classifier. */
  classes: 1000,
  /** Bytes of all weights of the space. */
  spaceBytes: 512 * 1024 * 1024,
  /** Bytes of one network's file. */
  networkBytes: 256 * 1024 * 1024,
  /** Files of a zip that is dropped on the page. */
  zipFiles: 20_000,
  /** Bytes that it unpacks to. */
  zipBytes: 1024 * 1024 * 1024,
  /** Metrics of one network. */
  metrics: 50,
} as const;
