import type { ExplorerManifest } from '../../folder/manifest.js';
import type { Refined, RefineRequest, RefineStep } from '../refinement.js';
import type { Picture, Place } from './vocabulary.js';

export type { Picture, Place };

export type RuntimeName = 'webgpu' | 'webgl' | 'wasm' | 'cpu';

export interface RuntimeTrial {
  readonly runtime: RuntimeName;
  /** Median of three decodes, in milliseconds; undefined if it does not work here. */
  readonly decodeMs?: number;
  /** Why it does not work here. */
  readonly problem?: string;
}

/** What there is once a folder is open. */
export interface Opened {
  readonly manifest: ExplorerManifest;
  readonly embeddingSize: number;
  readonly prepShape: readonly [height: number, width: number];
  /** In order of ClassId; `weights`: networks of the map whose weights are in the folder's zoo. */
  readonly architectures: readonly { readonly name: string; readonly parameters: number }[];
  /** Names of networks whose weights are here: only these have a target to compare with. */
  readonly withWeights: readonly string[];
  readonly runtime: RuntimeName;
  readonly trials: readonly RuntimeTrial[];
  /** Principal components: `[x0, y0, x1, y1, …]` in the manifest's order; which share of the variance each axis holds. */
  readonly points: Float32Array<ArrayBuffer>;
  readonly explained: readonly [number, number];
  /** Classifiers with a sample: its images as the page shows them (U8, NHWC) and labels. */
  readonly sample?: Sample;
}

/** The part of {@link Opened} that needs no space and no runtime. */
export type OpenedMap = Pick<Opened, 'manifest' | 'points' | 'explained'>;

export interface Sample {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly images: Uint8Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** What is to be seen of the network at a place; what is not asked for is not computed. */
export interface LookRequest {
  readonly place: Place;
  /** Paint its PRep. */
  readonly prep?: { readonly width: number; readonly height: number };
  /** Paint the difference of its PRep to that of another place. */
  readonly difference?: { readonly from: Place; readonly width: number; readonly height: number };
  /** Run it on so many images of the sample, evenly spread over it. */
  readonly images?: number;
}

export interface Look {
  readonly classId: number;
  /** Probabilities of the architectures; one entry, 1, in a space of one. */
  readonly classIdProbabilities: readonly number[];
  readonly prep?: Picture;
  readonly difference?: Picture;
  /** On the sample's images. */
  readonly accuracy?: number;
  /** `confusion[label][said]`, counts. */
  readonly confusion?: readonly (readonly number[])[];
  /** Where the place lies on the plane. */
  readonly x: number;
  readonly y: number;
  /** What decoding took, running, and painting. */
  readonly decodeMs: number;
  readonly runMs: number;
  readonly paintMs: number;
}

export interface CurveRequest {
  /** Two places: a line. Three or more: the path through them. */
  readonly through: readonly Place[];
  readonly steps: number;
  readonly images: number;
  /** Also the networks of averaged weights, where both ends have weights here and one architecture. */
  readonly averages: boolean;
}

/** What the network at a place is, and on the sample how often it is right. */
export interface MeasuredPlace {
  readonly classId: number;
  readonly classIdProbabilities: readonly number[];
  readonly accuracy?: number;
}

export interface CurveStop extends MeasuredPlace {
  /** From 0 to 1 along the whole path. */
  readonly gamma: number;
  readonly averageAccuracy?: number;
}

export interface ShapeRequest {
  readonly place: Place;
  /** Cells along an edge of the cube: 16 while one drags, 48 at rest. */
  readonly cells: number;
}

export interface ShapeMesh {
  /** Three numbers a vertex. */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly normals: Float32Array<ArrayBuffer>;
  readonly indices: Uint32Array<ArrayBuffer>;
  /** All of it, and of that the distances on the grid and the surface through them. */
  readonly ms: number;
  readonly fieldMs: number;
  readonly surfaceMs: number;
}

export interface ClassifyRequest {
  /** Values from 0 to 255, HWC, of the sample's height, width and channels. */
  readonly image: Uint8Array<ArrayBuffer>;
  readonly places: readonly Place[];
  /** Also what all networks of the map, as decoded, say together: the mean of their probabilities. */
  readonly vote: boolean;
}

export interface Classified {
  /** Class probabilities, a row a place. */
  readonly probabilities: readonly (readonly number[])[];
  readonly vote?: readonly number[];
  readonly voters?: number;
}

/** One level of the heat map over the plane; finer ones follow. */
export interface HeatLevel {
  /** `[left, right, bottom, top]` on the plane. */
  readonly extent: readonly [number, number, number, number];
  readonly columns: number;
  readonly rows: number;
  /** Row by row from the bottom: accuracy on the sample, or the volume of a shape; NaN where nothing was measured. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly classIds: Uint8Array<ArrayBuffer>;
  /** 1 where the network was decoded. */
  readonly known: Uint8Array<ArrayBuffer>;
  readonly done: boolean;
}

export interface OptimizeRequest {
  readonly from: Place;
  /** The sample, or images that the visitor drew (HWC, 0 to 255, one after the other) with their labels. */
  readonly on: 'sample' | { readonly images: Uint8Array<ArrayBuffer>; readonly labels: readonly number[] };
  readonly steps: number;
  readonly learningRate: number;
  /** Images a step. */
  readonly batch: number;
  /** Learn from the labels, the default, or also from the best network whose weights are here. */
  readonly teacher?: 'labels' | 'best';
  /** Take the same steps on the decoded network's weights. */
  readonly compareWeights: boolean;
  /** Under which the place that was reached is kept. */
  readonly id: string;
}

export interface OptimizeStep {
  /** Steps done; the first progress is of step 0, before any. */
  readonly step: number;
  /** In nats, on the step's images. */
  readonly loss: number;
  /** On images that are not searched on: every other one of the sample, or the sample where drawn images are searched on. */
  readonly accuracy: number;
  readonly x: number;
  readonly y: number;
  readonly weightsLoss?: number;
  readonly weightsAccuracy?: number;
}

/** A file as it was dropped, with its path where it came in a folder. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

export interface Brought {
  readonly id: string;
  readonly name: string;
  readonly architecture: string;
  readonly classId: number;
  /** Whether the class head reads the architecture right. */
  readonly predictedClassId: number;
  readonly x: number;
  readonly y: number;
  readonly target: Picture;
  readonly predicted: Picture;
  readonly targetAccuracy?: number;
  readonly predictedAccuracy?: number;
  /** Share of the sample's images that both say the same of. */
  readonly agreement?: number;
}

export interface ExportedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What the worker answers: request, answer, and what it tells in between. */
export interface Calls {
  /** An address, absolute, of the folder; or the files of a folder or one zip that was dropped. */
  open: {
    request: { readonly source: string | readonly DroppedFile[]; readonly runtime: RuntimeName | 'fastest' };
    answer: Opened;
    /** Bytes of a file; `map` comes once, with the part `map`, as soon as there is something to draw. `total` is 0 while unknown. */
    progress: { readonly part: string; readonly loaded: number; readonly total: number; readonly map?: OpenedMap };
  };
  look: { request: LookRequest; answer: Look; progress: never };
  curve: { request: CurveRequest; answer: { readonly stops: readonly CurveStop[] }; progress: CurveStop };
  survey: {
    request: { readonly places: readonly Place[]; readonly images: number };
    answer: readonly MeasuredPlace[];
    progress: { readonly done: number };
  };
  shape: { request: ShapeRequest; answer: ShapeMesh; progress: never };
  /** While the voters are decoded, which takes a while the first time, it tells what the places say. */
  classify: { request: ClassifyRequest; answer: Classified; progress: Classified };
  heat: { request: { readonly images: number; readonly finest: number }; answer: HeatLevel; progress: HeatLevel };
  umap: {
    request: { readonly neighbors: number };
    answer: { readonly points: Float32Array<ArrayBuffer> };
    progress: { readonly done: number };
  };
  optimize: { request: OptimizeRequest; answer: OptimizeStep; progress: OptimizeStep };
  /** Stopped by its signal, it answers with the place that it had reached. */
  refine: { request: RefineRequest; answer: Refined; progress: RefineStep };
  bring: { request: { readonly id: string; readonly files: readonly DroppedFile[] }; answer: Brought; progress: never };
  download: {
    request: { readonly place: Place; readonly format: 'safetensors' | 'tfjs' };
    answer: readonly ExportedFile[];
    progress: never;
  };
  /** Keeps an embedding that a link brought, under an id. */
  keep: {
    request: { readonly id: string; readonly embedding: Float32Array };
    answer: { readonly x: number; readonly y: number };
    progress: never;
  };
  embeddings: { request: { readonly places: readonly Place[] }; answer: readonly (readonly number[])[]; progress: never };
  /** For tests: tensors alive. */
  memory: { request: Record<string, never>; answer: { readonly tensors: number }; progress: never };
}

export type CallName = keyof Calls;

/** From the page to the worker. A newer call of the same `lane` takes the place of one that waits, and aborts one that runs. */
export type ToWorker =
  | { readonly type: 'call'; readonly id: number; readonly name: CallName; readonly request: unknown; readonly lane: string }
  | { readonly type: 'abort'; readonly id: number };

/** From the worker to the page. */
export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  /** `code`: of a NetSpaceError; `ABORTED` for a call that a newer one replaced. */
  | { readonly type: 'error'; readonly id: number; readonly code: string; readonly message: string };
