import type { SpaceEvaluation } from '@netspace/explore';

/** One stop of a walk; the average of the weights exists only between two networks of one architecture. */
export interface WalkStop {
  readonly gamma: number;
  readonly classId: number;
  readonly accuracy: number;
  readonly weightAverageAccuracy: number | null;
}

/** A walk through the space, from what one network decodes to, to what another does. */
export interface DigitsWalk {
  readonly from: WalkEnd;
  readonly to: WalkEnd;
  readonly stops: readonly WalkStop[];
}

/** The network itself, before it went through the space. */
export interface WalkEnd {
  readonly name: string;
  readonly accuracy: number;
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
  readonly architectures: readonly { readonly name: string; readonly parameters: number }[];
  readonly zoo: readonly { readonly name: string; readonly steps: number; readonly accuracy: number; readonly heldOut: boolean }[];
  readonly training: readonly { readonly step: number; readonly losses: Readonly<Record<string, number>> }[];
  readonly steps: number;
  /** Of all networks: known ones from the embeddings found in training, held-out ones from refined embeddings. */
  readonly evaluation: SpaceEvaluation;
  /** Of the held-out networks from what the encoder says of them, not refined. */
  readonly encoded: SpaceEvaluation;
  /** Each held-out network against the known one of its architecture that answers most like it, without the space: means. */
  readonly mostAlike: { readonly meanAbsoluteDifference: number; readonly meanAgreement: number };
  readonly heldOut: readonly string[];
  readonly weakToStrong: DigitsWalk;
  readonly betweenArchitectures: DigitsWalk;
  /** Mean over held-out networks of how far the mean accuracy of the known ones is from theirs: what a space that knows nothing would be off. */
  readonly differenceOfMean: number;
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

/** A stop of a walk between two shapes. */
export interface ShapeStop {
  readonly gamma: number;
  /** Share of the volume that the largest connected solid holds: 1 for a shape that is whole. */
  readonly largestShare: number;
  readonly mesh: PlainMesh;
}

export interface ShapeResults {
  readonly source: string;
  readonly shapes: readonly {
    readonly name: string;
    readonly targetMse: number;
    readonly reconstructedMse: number;
    /** Of the predicted solid with the target's. */
    readonly iou: number;
    /** Of the most similar other shape with the target's. */
    readonly nearestIou: number;
  }[];
  readonly training: readonly { readonly step: number; readonly loss: number }[];
  readonly steps: number;
  readonly reconstructions: readonly PlainMesh[];
  /** Names of the shapes that the walk goes between. */
  readonly ends: readonly [from: string, to: string];
  readonly walk: readonly ShapeStop[];
  readonly averages: readonly ShapeStop[];
  readonly seconds: Readonly<Record<string, number>>;
}
