/** `explorer.json`, what an exported folder holds; `@netspace/explorer` reads it. Paths are relative to the folder. */
export interface ExplorerManifest {
  readonly schemaVersion: 1;
  readonly title: string;
  readonly description: string;
  readonly kind: 'classifier' | 'sdf';
  readonly space: string;
  readonly embeddings: string;
  /** Manifest of the networks whose weights are there. */
  readonly zoo?: string;
  /** In the order of the embeddings' rows. */
  readonly networks: readonly ExportedNetwork[];
  /** Names of a classifier's classes. */
  readonly classes?: readonly string[];
  readonly sample?: ExportedSample;
  readonly license?: string;
  /** What wrote the folder. */
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** What is known of a network, whether its weights are there or not. */
export interface ExportedNetwork {
  readonly name: string;
  readonly architecture: string;
  /** Whether the space was never trained on it. */
  readonly heldOut: boolean;
  /** What its zoo says, and what was measured on `--data`, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Epochs that it was trained for. */
  readonly length: number;
  readonly seed: number;
}

/** Images with labels: a safetensors file with `images` U8 `[N, C, H, W]` and `labels` I32 `[N]`. */
export interface ExportedSample {
  readonly file: string;
  /** A network is fed (x / 255 - mean) / std, per channel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Where the images come from. */
  readonly source: string;
}
