import type { NetSpace, PredictedInstance } from '@netspace/model';
import { disposeInstances, NetSpaceError, type Instance } from '@netspace/prep';
import { checkFiniteInstances } from '@netspace/prep/internal';
import type { ImageDataset } from '@netspace/zoo';

import { matches, seenLabels } from '@netspace/zoo/internal';
import { predictClasses, type EvaluationOptions } from '@netspace/zoo';
import type { EvaluatedInstance } from './evaluated-instance.js';
import { summarize, type SpaceSummary } from './summarize.js';

/** A network with the name it is reported under. */
export interface SpaceEntry {
  readonly name: string;
  readonly instance: Instance;
}

export interface EvaluateSpaceOptions extends EvaluationOptions {
  /** Called after each network. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Sees each predicted network, whose tensors are freed when it is done. */
  readonly onPredicted?: (predicted: PredictedInstance, index: number) => void | Promise<void>;
  /** Stops after the network at hand. */
  readonly signal?: AbortSignal;
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
 * @throws NetSpaceError `NOT_FOUND` if a network is of no architecture of the space, `INVALID_OPTION` if there are no entries or a weight
 * is NaN or infinite, `ABORTED` if the signal stops it; as `predictClasses`
 */
export async function evaluateSpace(
  space: NetSpace,
  entries: readonly SpaceEntry[],
  dataset: ImageDataset,
  { onProgress, onPredicted, signal, ...options }: EvaluateSpaceOptions = {},
): Promise<SpaceEvaluation> {
  if (entries.length === 0) throw new NetSpaceError('INVALID_OPTION', 'evaluateSpace: expected at least one network, got none');
  const instances: EvaluatedInstance[] = [];
  const labels = seenLabels(dataset, options);
  for (const [index, { name, instance }] of entries.entries()) {
    if (signal?.aborted) {
      const progress = `${instances.length} of ${entries.length}`;
      throw new NetSpaceError('ABORTED', `evaluateSpace: stopped by its signal after ${progress} networks`);
    }
    const classId = space.classIdOf(instance);
    await checkFiniteInstances('evaluateSpace', [instance], () => JSON.stringify(name));
    const target = await predictClasses(instance, dataset, options);
    const predicted = await afterTheSpace(space, instance, async (network) => {
      await onPredicted?.(network, index);
      return predictClasses(network, dataset, options);
    });
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

/** What `run` says of a network, and of which architecture it is, once it has been encoded and decoded. */
async function afterTheSpace(
  space: NetSpace,
  instance: Instance,
  run: (predicted: PredictedInstance) => Promise<Int32Array>,
): Promise<{ readonly classId: number; readonly classes: Int32Array }> {
  const embedding = space.encode([instance]);
  const [predicted] = await space.instantiate(embedding).finally(() => embedding.dispose());
  try {
    return { classId: predicted!.classId, classes: await run(predicted!) };
  } finally {
    disposeInstances([predicted!]);
  }
}
