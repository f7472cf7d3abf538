/** What {@link FolderFiles.read} is told. */
export interface ReadOptions {
  /** Most bytes that the file may have. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether a download that breaks off is tried again; yes unless said otherwise. */
  readonly persistent?: boolean;
  /** Called as bytes arrive; `total` is 0 where the server does not say it. */
  readonly onProgress?: ((loaded: number, total: number) => void) | undefined;
}

/** The files of one folder, wherever it lies. Paths are relative to the folder, with forward slashes. */
export interface FolderFiles {
  /**
   * The whole file.
   *
   * @throws NetSpaceError `NOT_FOUND` if there is none, `LIMIT_EXCEEDED` if it is longer than allowed, `UNAVAILABLE` if a download breaks off,
   *   `ABORTED` by the signal
   */
  read(path: string, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
}
