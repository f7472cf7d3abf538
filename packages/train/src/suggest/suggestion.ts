import type { PRepShape } from '@netspace/prep';
import type { LearningRate, Preset } from '@netspace/model';

/** The reason for a value of a suggestion. */
export interface SuggestionReason {
  /** The option, as its path in the suggestion: `space.preset`; `zoo` for what should be changed in the zoo itself. */
  readonly option: string;
  /** One or more full sentences. */
  readonly why: string;
}

/** Sizes, start and units of a space. */
export interface SuggestedSpace {
  readonly preset: Preset;
  readonly prepShape: PRepShape;
  /** Left out where the preset's is meant. */
  readonly embeddingSize?: number;
  /** See `Dense` of `@netspace/model`; left out for the paper's convolutions. */
  readonly dense?: Readonly<Record<string, never>>;
  /** See `Directions` of `@netspace/model`; left out for none. */
  readonly directions?: Readonly<Record<string, never>>;
  /** `instances`: every embedding decodes to the best network of its architecture at first. */
  readonly start: 'instances';
  /**
   * `zoo`: weights are measured in units of their spread in the zoo. `zoo-permuted`: the same, measured with hidden channels in random
   * order, as `permuteChannels` needs it; see `permutedCopies`.
   */
  readonly units: 'zoo' | 'zoo-permuted';
}

/** What the space learns: the options of a task without its data set. A teacher is given by its name in the zoo. */
export type SuggestedTask =
  | {
      readonly kind: 'classification';
      readonly teacher?: string;
      readonly interpolation?: boolean;
      readonly relative?: number;
      readonly accuracyGap?: number;
      readonly weights?: { readonly classId: number };
    }
  | { readonly kind: 'regression' }
  | { readonly kind: 'occupancy' }
  | { readonly kind: 'rgb' }
  | { readonly kind: 'sdf'; readonly near: 'targets'; readonly points: 'both' | 'own'; readonly clamp?: number }
  | { readonly kind: 'weights' };

/** Networks that the space should not see. */
export interface SuggestedHoldOut {
  readonly names: readonly string[];
  readonly seeds: readonly number[];
}

/** The sizes and the training that {@link suggestSpace} proposes for a zoo: plain data, with the keys of a config of `netspace train`. */
export interface SpaceSuggestion {
  readonly space: SuggestedSpace;
  readonly task: SuggestedTask;
  readonly holdOut: SuggestedHoldOut;
  /** Networks, and images or points, of a step. */
  readonly batch: { readonly nets: number; readonly inputs?: number; readonly sampling?: 'balanced' };
  /** Left out where the encoder's are meant. */
  readonly embeddings?: 'free';
  readonly augment: { readonly permuteChannels: boolean };
  readonly learningRate: LearningRate;
  readonly steps: number;
  /** One reason for each option, in their order. Before them come faults of the zoo itself. */
  readonly reasons: readonly SuggestionReason[];
}

/** The task of the space and its training. */
export interface Lesson {
  readonly training: Pick<SpaceSuggestion, 'task' | 'batch' | 'embeddings' | 'augment' | 'steps' | 'learningRate'>;
  /** What the space has beside the sizes that hold the networks. */
  readonly space?: Pick<SpaceSuggestion['space'], 'embeddingSize' | 'dense' | 'directions'>;
  readonly reasons: readonly SuggestionReason[];
}
