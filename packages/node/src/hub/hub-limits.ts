/** A listing that comes over the network is untrusted: what it claims is refused beyond these, before anything is written. So is a server that is silent. */
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
  /** Milliseconds in which a server sends nothing at all: then it is asked again, and a few times later given up. */
  silentMs: 30_000,
} as const;
