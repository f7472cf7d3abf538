import type { RefinedReconstruction } from './refined-reconstruction.js';

/** Measurements of a network, the target, and of its predicted network. */
export interface EvaluatedInstance {
  readonly name: string;
  /** The architecture of the target. */
  readonly architecture: string;
  readonly classId: number;
  /** The class head's answer for the target's embedding. The predicted network has this architecture. */
  readonly predictedClassId: number;
  /** Fraction of the images, in [0, 1]. */
  readonly targetAccuracy: number;
  readonly predictedAccuracy: number;
  /** Fraction of the images for which target and predicted network give the same class, in [0, 1]. */
  readonly agreement: number;
}

/** Measurements of a target and of its prediction from a refined encoding. */
export interface RefinedInstance extends EvaluatedInstance, Omit<RefinedReconstruction, 'predicted'> {}
