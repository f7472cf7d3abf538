import { collapseRemark, diversityMeter, type Diversity, reconstruct, refinedReconstruction, type RefinedReconstruction, type RefinementOptions } from '@netspace/explore'; // prettier-ignore
import { evaluateSdf, occupancyIou, sdfMse } from '@netspace/shapes';
import type { NetSpace, PredictedInstance } from '@netspace/model';
import type { StoredInstance } from '@netspace/zoo';
import { disposeInstances, NetSpaceError, type StepProgress } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';

import { randomAt } from '@netspace/train/internal';

/** A SIREN compared with its predicted network. */
export interface EvaluatedShape {
  readonly name: string;
  readonly architecture: string;
  readonly classId: number;
  readonly predictedClassId: number;
  /** Mean squared difference of the two fields in the cube. */
  readonly mse: number;
  /** Share of the cells inside either shape that are inside both; 1 if both are empty. */
  readonly iou: number;
  /** Whether neither network has a point inside in the cube: the IoU says nothing then. */
  readonly empty: boolean;
}

/** A SIREN compared with the network that its refined encoding decodes to. */
export interface RefinedShape extends EvaluatedShape, Omit<RefinedReconstruction, 'predicted'> {}

/** Means of evaluated shapes. */
export interface ShapeSummary {
  readonly count: number;
  readonly empty: number;
  readonly meanMse: number;
  /** Empty ones do not count in it; 0 if all are. */
  readonly meanIou: number;
}

/** What {@link evaluateShapes} measured. */
export interface ShapesEvaluation {
  readonly instances: readonly EvaluatedShape[];
  readonly summary: ShapeSummary;
  /** How far predicted networks differ from each other and from the decoder's start. */
  readonly diversity: Diversity;
  readonly remarks: readonly string[];
  /** The same of refined encodings, with `refine`. */
  readonly refined?: { readonly instances: readonly RefinedShape[]; readonly summary: ShapeSummary };
}

interface EvaluateShapesOptions {
  readonly bounds?: number;
  readonly points?: number;
  readonly resolution?: number;
  readonly signal?: AbortSignal;
  readonly refine?: RefinementOptions | undefined;
  /** Sees the network of each refined encoding, whose tensors are freed when it is done. */
  readonly onRefined?: (predicted: PredictedInstance, index: number) => void;
  /** Called after each shape, which counts as a step. */
  readonly onStep?: (progress: StepProgress) => void;
}

/** Distances up to this are compared by refinement. */
export const SDF_CLIP = 0.1;

/** No IoU. */
const EMPTY = -1;

type ShapeComparison = (entry: StoredInstance, predicted: PredictedInstance) => Promise<EvaluatedShape>;

/** How a SIREN is compared with its predicted network: by the fields within ±bounds. */
export function shapeComparison(
  space: NetSpace,
  { bounds = 0.6, points: count = 20_000, resolution = 48 }: Pick<EvaluateShapesOptions, 'bounds' | 'points' | 'resolution'> = {},
): ShapeComparison {
  const random = randomAt(0, 'evaluate');
  const points = Float32Array.from({ length: 3 * count }, () => random.uniform(-bounds, bounds));
  return async ({ name, instance }, predicted) => {
    const distances = await evaluateSdf(instance, points);
    const iou = await occupancyIou(instance, predicted, { resolution, bounds, whenEmpty: EMPTY });
    return {
      ...{ name, architecture: instance.architecture.name, classId: space.classIdOf(instance), predictedClassId: predicted.classId },
      mse: await sdfMse(predicted, { points, distances }),
      iou: iou === EMPTY ? 1 : iou,
      empty: iou === EMPTY,
    };
  };
}

/** Encodes and decodes each SIREN and compares the fields within ±bounds. */
export async function evaluateShapes(
  space: NetSpace,
  entries: readonly StoredInstance[],
  { bounds = 0.6, points, resolution, signal, refine, onRefined, onStep }: EvaluateShapesOptions = {},
): Promise<ShapesEvaluation> {
  const compare = shapeComparison(space, {
    bounds,
    ...(points !== undefined && { points }),
    ...(resolution !== undefined && { resolution }),
  });
  const instances: EvaluatedShape[] = [];
  const refined: RefinedShape[] = [];
  const meter = diversityMeter(space);
  for (const entry of entries) {
    await nextTask(); // lets the signal in
    if (signal?.aborted) throw new NetSpaceError('ABORTED', `evaluate: stopped after ${instances.length} of ${entries.length} shapes`);
    const predicted = await reconstruct(space, entry.instance);
    instances.push(await compare(entry, predicted));
    await meter.add(entry.instance, predicted);
    disposeInstances([predicted]);
    if (refine !== undefined) {
      const stoppable = { ...(signal !== undefined && { signal }), bounds, clip: SDF_CLIP, ...refine };
      const { predicted: better, ...search } = await refinedReconstruction(space, entry.instance, stoppable);
      onRefined?.(better, refined.length);
      refined.push({ ...(await compare(entry, better)), ...search });
      disposeInstances([better]);
    }
    onStep?.({ step: instances.length, steps: entries.length });
  }
  const diversity = meter.result();
  return {
    ...{ instances, summary: summarizeShapes(instances), diversity },
    remarks: diversity.collapsed ? [collapseRemark(diversity, space)] : [],
    ...(refine !== undefined && { refined: { instances: refined, summary: summarizeShapes(refined) } }),
  };
}

/** Means of evaluated shapes, 0 where there are none. */
export function summarizeShapes(instances: readonly EvaluatedShape[]): ShapeSummary {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
  const shown = instances.filter(({ empty }) => !empty);
  return {
    ...{ count: instances.length, empty: instances.length - shown.length },
    ...{ meanMse: mean(instances.map(({ mse }) => mse)), meanIou: mean(shown.map(({ iou }) => iou)) },
  };
}
