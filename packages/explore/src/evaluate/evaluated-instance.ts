import type { RefinedReconstruction } from './refined-reconstruction.js';

/** A network, the target, and what the space makes of it, the predicted network. */
export interface EvaluatedInstance {
  readonly name: string;
  /** Of the target. */
  readonly architecture: string;
  readonly classId: number;
  /** Read off the target's embedding; the predicted network is of this architecture. */
  readonly predictedClassId: number;
  /** Fraction of the images, in [0, 1]. */
  readonly targetAccuracy: number;
  readonly predictedAccuracy: number;
  /** Fraction of the images of which target and predicted network say the same, in [0, 1]. */
  readonly agreement: number;
}

/** A target and what the space makes of its refined encoding. */
export interface RefinedInstance extends EvaluatedInstance, Omit<RefinedReconstruction, 'predicted'> {}
