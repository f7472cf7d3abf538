import type { RefinedReconstruction } from './refined-reconstruction.js';

/** Measurements of a network of numbers, the target, and of its predicted network, on the same inputs. */
export interface EvaluatedOutputs {
  readonly name: string;
  /** The architecture of the target. */
  readonly architecture: string;
  readonly classId: number;
  /** The class head's answer for the target's embedding. The predicted network has this architecture. */
  readonly predictedClassId: number;
  /** Mean squared difference of predicted outputs from those of the target, in squared units of the outputs. */
  readonly mse: number;
  /** R² of predicted outputs against those of the target, at most 1; null if the target's outputs are constant. */
  readonly r2: number | null;
  /** Of colors: `10 log₁₀(peak² / mse)` in decibels; null if the outputs are equal. */
  readonly psnr?: number | null;
  /** Of occupancy: points inside both over points inside either; null if neither has a point inside. */
  readonly iou?: number | null;
  /** Mean squared error of the target against the targets of the data set, if it has any. */
  readonly targetMse?: number;
  /** Mean squared error of the predicted network against the targets of the data set, if it has any. */
  readonly predictedMse?: number;
}

/** Measurements of a target and of its prediction from a refined encoding. */
export interface RefinedOutputs extends EvaluatedOutputs, Omit<RefinedReconstruction, 'predicted'> {}

/** Means of evaluated networks; those that are null do not count. */
export interface OutputsSummary {
  readonly count: number;
  readonly classIdAccuracy: number;
  readonly meanMse: number;
  readonly meanR2: number | null;
  readonly meanPsnr?: number | null;
  readonly meanIou?: number | null;
  readonly meanTargetMse?: number;
  readonly meanPredictedMse?: number;
}

/**
 * Averages over evaluated networks of numbers: over all of an evaluation, or over those that the space was not trained on.
 *
 * @param instances the rows that `evaluateOutputs` measured; at least one
 * @example
 * ```ts
 * import { summarizeOutputs } from '@netspace/explore';
 *
 * const row = { name: 'a', architecture: 'mlp', classId: 0, predictedClassId: 0 };
 * console.log(summarizeOutputs([{ ...row, mse: 1, r2: 0.5 }, { ...row, mse: 3, r2: null }]).meanMse); // 2
 * ```
 */
export function summarizeOutputs(instances: readonly EvaluatedOutputs[]): OutputsSummary {
  const average = (of: (row: EvaluatedOutputs) => number | null | undefined): number | null => {
    const values = instances.flatMap((row) => of(row) ?? []);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const [first] = instances;
  const [targetMse, predictedMse] = [average((row) => row.targetMse), average((row) => row.predictedMse)];
  return {
    count: instances.length,
    classIdAccuracy: average(({ classId, predictedClassId }) => Number(classId === predictedClassId)) ?? 0,
    meanMse: average(({ mse }) => mse) ?? 0,
    meanR2: average(({ r2 }) => r2),
    ...(first?.psnr !== undefined && { meanPsnr: average(({ psnr }) => psnr) }),
    ...(first?.iou !== undefined && { meanIou: average(({ iou }) => iou) }),
    ...(targetMse !== null && { meanTargetMse: targetMse }),
    ...(predictedMse !== null && { meanPredictedMse: predictedMse }),
  };
}
