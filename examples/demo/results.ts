import type { SpaceEvaluation } from '@netspace/explore';

/** One stop of a walk; the average of the weights exists only between two networks of one architecture. */
export interface WalkStop {
  readonly gamma: number;
  readonly classId: number;
  readonly accuracy: number;
  readonly weightAverageAccuracy: number | null;
}

export interface EncodedPicture {
  readonly title: string;
  readonly note: string;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

export interface ClassifierResults {
  readonly runtime: string;
  readonly architectures: readonly { readonly name: string; readonly parameters: number; readonly inZoo: boolean }[];
  readonly zoo: readonly { readonly name: string; readonly steps: number; readonly accuracy: number; readonly heldOut: boolean }[];
  readonly training: readonly { readonly step: number; readonly losses: Readonly<Record<string, number>> }[];
  readonly steps: number;
  readonly evaluation: SpaceEvaluation;
  readonly heldOut: readonly string[];
  readonly weakToStrong: readonly WalkStop[];
  readonly betweenArchitectures: readonly WalkStop[];
  readonly search: {
    readonly before: number;
    readonly after: number;
    readonly losses: readonly number[];
    readonly start: string;
    readonly teacher: string;
    readonly teacherAccuracy: number;
  };
  readonly pictures: readonly EncodedPicture[];
  readonly seconds: Readonly<Record<string, number>>;
}

/** A mesh as JSON can hold it. */
export interface PlainMesh {
  readonly title: string;
  readonly note: string;
  readonly positions: readonly number[];
  readonly indices: readonly number[];
}

export interface ShapeResults {
  readonly source: string;
  readonly shapes: readonly {
    readonly name: string;
    readonly targetMse: number;
    readonly reconstructedMse: number;
    readonly iou: number;
  }[];
  readonly training: readonly { readonly step: number; readonly loss: number }[];
  readonly steps: number;
  readonly reconstructions: readonly PlainMesh[];
  readonly walk: readonly PlainMesh[];
  readonly averages: readonly PlainMesh[];
  readonly seconds: Readonly<Record<string, number>>;
}
