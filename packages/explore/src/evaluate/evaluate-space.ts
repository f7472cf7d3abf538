import type { NetSpace } from '@netspace/model';
import { disposeInstances, NetSpaceError, type Instance } from '@netspace/prep';
import type { ImageDataset } from '@netspace/zoo';

import { matches, seenLabels } from '@netspace/zoo/internal';
import { predictClasses, type EvaluationOptions } from '@netspace/zoo';
import { summarize, type SpaceSummary } from './summarize.js';

/** A network with the name it is reported under. */
export interface SpaceEntry {
  readonly name: string;
  readonly instance: Instance;
}

export interface EvaluateSpaceOptions extends EvaluationOptions {
  /** Called after each network. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Stops after the network at hand. */
  readonly signal?: AbortSignal;
}

/** A network (target) beside what the space makes of it (predicted). */
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

export interface SpaceEvaluation {
  readonly instances: readonly EvaluatedInstance[];
  readonly summary: SpaceSummary;
}

/**
 * Measures how well a space keeps what networks do: encodes and decodes each, and runs both on a data set.
 *
 * @param entries networks of the space's architectures, whether it was trained on them or not
 * @param dataset images that no network was trained on
 * @returns one row a network, in order, and their summary
 * @throws NetSpaceError `NOT_FOUND` if a network is of no architecture of the space, `INVALID_OPTION` if there are no entries, `ABORTED` if
 * the signal stops it; as `predictClasses`
 */
export async function evaluateSpace(
  space: NetSpace,
  entries: readonly SpaceEntry[],
  dataset: ImageDataset,
  { onProgress, signal, ...options }: EvaluateSpaceOptions = {},
): Promise<SpaceEvaluation> {
  if (entries.length === 0) throw new NetSpaceError('INVALID_OPTION', 'evaluateSpace: expected at least one network, got none');
  const instances: EvaluatedInstance[] = [];
  const labels = seenLabels(dataset, options);
  for (const { name, instance } of entries) {
    if (signal?.aborted) {
      const progress = `${instances.length} of ${entries.length}`;
      throw new NetSpaceError('ABORTED', `evaluateSpace: stopped by its signal after ${progress} networks`);
    }
    const classId = space.classIdOf(instance);
    const target = await predictClasses(instance, dataset, options);
    const predicted = await afterTheSpace(space, instance, dataset, options);
    instances.push({
      name,
      architecture: instance.architecture.name,
      classId,
      predictedClassId: predicted.classId,
      targetAccuracy: matches(target, labels),
      predictedAccuracy: matches(predicted.classes, labels),
      agreement: matches(predicted.classes, target),
    });
    onProgress?.({ done: instances.length, total: entries.length });
  }
  return { instances, summary: summarize(instances) };
}

/** What a network says, and of which architecture it is, once it has been encoded and decoded. */
async function afterTheSpace(
  space: NetSpace,
  instance: Instance,
  dataset: ImageDataset,
  options: EvaluationOptions,
): Promise<{ readonly classId: number; readonly classes: Int32Array }> {
  const embedding = space.encode([instance]);
  const [predicted] = await space.instantiate(embedding).finally(() => embedding.dispose());
  try {
    return { classId: predicted!.classId, classes: await predictClasses(predicted!, dataset, options) };
  } finally {
    disposeInstances([predicted!]);
  }
}
