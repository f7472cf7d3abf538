import type { NetSpace } from '@netspace/model';
import type { Instance } from '@netspace/prep';
import type { ImageDataset, InstanceStore } from '@netspace/zoo';

import type { ExplorerManifest } from '../folder/manifest.js';
import type { PrincipalPlane } from './plane/principal-plane.js';

/** An open folder, with all that calls compute from. */
export interface Session {
  readonly manifest: ExplorerManifest;
  readonly space: NetSpace;
  /** Embedding size E. */
  readonly size: number;
  /** `[networks, E]`, in the manifest's order. */
  readonly embeddings: Float32Array;
  /** `[K, E]`: of the networks that a space of free embeddings learned with, where refinement starts. */
  readonly known?: Float32Array | undefined;
  readonly plane: PrincipalPlane;
  /** `[x0, y0, x1, y1, …]`, in the manifest's order. */
  readonly points: Float32Array;
  /** Row of each network. */
  readonly rows: ReadonlyMap<string, number>;
  /** What networks are run on; only classifiers whose images are here have it. */
  readonly dataset: ImageDataset | undefined;
  /** Of a classifier: how many classes. */
  readonly classes: number | undefined;
  readonly zoo: InstanceStore | undefined;
  readonly withWeights: ReadonlySet<string>;
  /** Embeddings that a search found or a visitor brought, by id. */
  readonly kept: Map<string, Float32Array>;
  /** Networks that a visitor brought, by id, the newest last: what a refinement imitates. */
  readonly brought: Map<string, BroughtNetwork>;
  /** Networks that answer together what an image shows, decoded when first asked for. */
  readonly voters: { stacks?: Promise<readonly VoterStack[]> };
}

/** A network as its PRep `[H · W]`: numbers, so that it holds no tensor. */
export interface BroughtNetwork {
  readonly classId: number;
  readonly prep: Float32Array;
}

/** Networks of one architecture, to be run at once. */
export interface VoterStack {
  readonly count: number;
  /** Parameters `[count, …]`. */
  readonly networks: Instance;
}
