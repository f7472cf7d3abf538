import type { NetSpace, PredictedInstance } from '@netspace/model';
import { disposeInstances, NetSpaceError, type Instance } from '@netspace/prep';
import { abortSignal, extended, functionOf, type GivenBy, optional, parseOptions } from '@netspace/prep/internal';
import type { ImageDataset } from '@netspace/zoo';

import { evaluationOptions, matches, seenLabels } from '@netspace/zoo/internal';
import { predictClasses } from '@netspace/zoo';
import type { EvaluatedInstance } from './evaluated-instance.js';
import { summarize, type SpaceSummary } from './summarize.js';

/** A network with the name it is reported under. */
export interface SpaceEntry {
  readonly name: string;
  readonly instance: Instance;
}

/** See {@link EvaluateSpaceOptions}. */
export const evaluateSpaceOptions = extended(evaluationOptions, {
  /** Called after each network. */
  onProgress: optional(functionOf<(progress: { readonly done: number; readonly total: number }) => void>()),
  /** Sees each predicted network, whose tensors are freed when it is done. */
  onPredicted: optional(functionOf<(predicted: PredictedInstance, index: number) => void | Promise<void>>()),
  /** Stops after the network at hand. */
  signal: optional(abortSignal),
});

/** Options of {@link evaluateSpace}. */
export interface EvaluateSpaceOptions extends GivenBy<typeof evaluateSpaceOptions> {}

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
 * @throws NetSpaceError `NOT_FOUND` if a network is of no architecture of the space, `INVALID_OPTION` if there are no entries, or for options
 * that are unknown or out of range, `ABORTED` if
 * the signal stops it; as `predictClasses`
 */
export async function evaluateSpace(
  space: NetSpace,
  entries: readonly SpaceEntry[],
  dataset: ImageDataset,
  options: EvaluateSpaceOptions = {},
): Promise<SpaceEvaluation> {
  const { onProgress, onPredicted, signal, ...evaluation } = parseOptions('evaluateSpace', evaluateSpaceOptions, options);
  if (entries.length === 0) throw new NetSpaceError('INVALID_OPTION', 'evaluateSpace: expected at least one network, got none');
  const instances: EvaluatedInstance[] = [];
  const labels = seenLabels(dataset, evaluation);
  for (const [index, { name, instance }] of entries.entries()) {
    if (signal?.aborted) {
      const progress = `${instances.length} of ${entries.length}`;
      throw new NetSpaceError('ABORTED', `evaluateSpace: stopped by its signal after ${progress} networks`);
    }
    const classId = space.classIdOf(instance);
    const target = await predictClasses(instance, dataset, evaluation);
    const predicted = await afterTheSpace(space, instance, async (network) => {
      await onPredicted?.(network, index);
      return predictClasses(network, dataset, evaluation);
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
