/** A listing that comes over the network is untrusted: what it claims is refused beyond these, before anything is written. */
export const HUB_LIMITS = {
  /** Bytes of `netspace-files.json`. */
  listBytes: 16 * 1024 * 1024,
  /** Files of a folder. */
  files: 20_000,
  /** Characters of a file's path. */
  pathCharacters: 400,
  /** Folders within each other. */
  depth: 8,
  /** Bytes of one file. */
  fileBytes: 2 ** 31,
  /** Bytes of all files together. */
  totalBytes: 2 ** 34,
} as const;
