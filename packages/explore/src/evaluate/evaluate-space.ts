import type { NetSpace, PredictedInstance } from '@netspace/model';
import { disposeInstances, NetSpaceError, type Instance, type StepProgress } from '@netspace/prep';
import {
  abortSignal,
  asGiven,
  checkFiniteInstances,
  extended,
  functionOf,
  type GivenBy,
  nextTask,
  objectOf,
  optional,
  parseOptions,
  valueOf,
} from '@netspace/prep/internal';
import type { LabeledDataset } from '@netspace/zoo';

import { evaluationOptions, labeledDataset, matches, seenLabels } from '@netspace/zoo/internal';
import { predictClasses } from '@netspace/zoo';
import type * as tf from '@tensorflow/tfjs-core';

import { refinementOptions } from '../latent/refine-embedding.js';
import type { EvaluatedInstance, RefinedInstance } from './evaluated-instance.js';
import { checkEmbeddings, embeddingOf, givenEmbeddings } from './given-embeddings.js';
import { diversityMeter, type Diversity } from './measures/diversity.js';
import { refinedReconstruction, refuseSameImages } from './refined-reconstruction.js';
import { recordedAccuracyRemarks } from './accuracy/recorded-accuracy.js';
import { evaluationRemarks } from './remarks.js';
import { summarize, type SpaceSummary } from './summarize.js';

/** A network with the name under which it is reported. */
export interface SpaceEntry {
  readonly name: string;
  readonly instance: Instance;
  /** What its zoo knows of it, as `loadAll` gives it: a `testAccuracy` is compared with what is measured. */
  readonly record?: { readonly metrics: Readonly<Record<string, number>> };
}

/** See {@link EvaluateSpaceOptions}. */
export const evaluateSpaceOptions = extended(evaluationOptions, {
  /** Called after each network, which counts as a step. */
  onStep: optional(functionOf<(progress: StepProgress) => void>()),
  /** Sees each predicted network, whose tensors are freed when it is done. */
  onPredicted: optional(functionOf<(predicted: PredictedInstance, index: number) => void | Promise<void>>()),
  /** Stops after the current network. */
  signal: optional(abortSignal),
  /**
   * The embeddings that are decoded, `[N, E]`, in the order of the networks, such as `trainedEmbeddings` gives them. The caller keeps them.
   * @default the encodings of the networks
   */
  embeddings: optional(givenEmbeddings),
  /**
   * Also measures predictions from refined encodings. Its `inputs` must be other images than those of the measurement.
   * @default encodings alone
   */
  refine: optional(asGiven(refinementOptions)),
});

const isEntry = (value: unknown): boolean => typeof value === 'object' && value !== null && 'name' in value && 'instance' in value;
const evaluateSpaceArguments = objectOf({
  dataset: labeledDataset,
  entries: valueOf<readonly SpaceEntry[]>(
    'a list of { name, instance }',
    (value) => Array.isArray(value) && value.every(isEntry),
    (value) => (Array.isArray(value) ? 'instances.map((instance, i) => ({ name: String(i), instance }))' : undefined),
  ),
});

/** Options of {@link evaluateSpace}. */
export interface EvaluateSpaceOptions extends GivenBy<typeof evaluateSpaceOptions> {}

/** The result of {@link evaluateSpace}. */
export interface SpaceEvaluation {
  /** One row a network, in order. */
  readonly instances: readonly EvaluatedInstance[];
  readonly summary: SpaceSummary;
  /** How far predicted networks differ from each other and from the decoder's start. */
  readonly diversity: Diversity;
  /** Sentences that say whether the space is collapsed, which numbers have no meaning, and whether the zoo says other accuracies. */
  readonly remarks: readonly string[];
  /** The same for refined encodings, with `refine`. */
  readonly refined?: RefinedEvaluation;
}

/** Measurements of predictions from refined encodings. */
export interface RefinedEvaluation {
  /** One row a network, in order. */
  readonly instances: readonly RefinedInstance[];
  readonly summary: SpaceSummary;
}

/**
 * Measures how well predicted networks do what their targets do. It encodes and decodes each network, and runs both on a data set.
 *
 * @param entries networks of the space's architectures, whether it was trained on them or not
 * @param dataset images that no network was trained on
 * @returns one row for each network, in order, their summary, and remarks on numbers that have no meaning
 * @throws NetSpaceError `NOT_FOUND` if a network is of no architecture of the space, `INVALID_OPTION` if there are no entries, a weight is
 * NaN or infinite, for options that are unknown or out of range, if `refine` has the images that are measured on or stands beside
 * `embeddings`, `SHAPE_MISMATCH` for other embeddings than one a network, `ABORTED` if the signal stops it; as `predictClasses`, and with `refine` as `refineEmbedding`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { evaluateSpace } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const space = new NetSpace({ architectures: [architecture], prepShape: [8, 128], preset: 'tiny' });
 * const images = parseCifar10(new Uint8Array(4 * 3073)); // four black images
 * const { summary } = await evaluateSpace(space, [{ name: 'untrained', instance }], images);
 * console.log(summary.count, summary.classIdAccuracy); // 1 1
 * ```
 */
export async function evaluateSpace(
  space: NetSpace,
  entries: readonly SpaceEntry[],
  dataset: LabeledDataset,
  options: EvaluateSpaceOptions = {},
): Promise<SpaceEvaluation> {
  const { onStep, onPredicted, signal, embeddings, refine, ...evaluation } = parseOptions('evaluateSpace', evaluateSpaceOptions, options);
  parseOptions('evaluateSpace', evaluateSpaceArguments, { entries, dataset });
  if (entries.length === 0) throw new NetSpaceError('INVALID_OPTION', 'evaluateSpace: expected at least one network, got none');
  if (embeddings !== undefined) checkEmbeddings('evaluateSpace', space, { embeddings, entries, refine });
  if (refine !== undefined) refuseSameImages('evaluateSpace', refine, dataset);
  const instances: EvaluatedInstance[] = [];
  const refined: RefinedInstance[] = [];
  const meter = diversityMeter(space);
  const labels = seenLabels(dataset, evaluation);
  for (const [index, { name, instance }] of entries.entries()) {
    await nextTask(); // lets the signal arrive: networks that run without a pause would block it
    if (signal?.aborted) {
      const progress = `${instances.length} of ${entries.length}`;
      throw new NetSpaceError('ABORTED', `evaluateSpace: stopped by its signal after ${progress} networks`);
    }
    const classId = space.classIdOf(instance);
    await checkFiniteInstances('evaluateSpace', [instance], () => JSON.stringify(name));
    const target = await predictClasses(instance, dataset, evaluation);
    const predicted = await afterTheSpace(space, embeddingOf(space, instance, embeddings, index), async (network) => {
      await onPredicted?.(network, index);
      const classes = await predictClasses(network, dataset, evaluation);
      await meter.add(instance, network, { target, predicted: classes });
      return classes;
    });
    const rowOf = ({ classId: predictedClassId, classes }: Said): EvaluatedInstance => ({
      ...{ name, architecture: instance.architecture.name, classId, predictedClassId },
      targetAccuracy: matches(target, labels),
      predictedAccuracy: matches(classes, labels),
      agreement: matches(classes, target),
    });
    instances.push(rowOf(predicted));
    if (refine !== undefined) {
      const stoppable = { ...(signal !== undefined && { signal }), ...refine };
      const { predicted: network, ...search } = await refinedReconstruction(space, instance, stoppable);
      const classes = await predictClasses(network, dataset, evaluation).finally(() => disposeInstances([network]));
      refined.push({ ...rowOf({ classId: network.classId, classes }), ...search });
    }
    onStep?.({ step: instances.length, steps: entries.length });
  }
  const diversity = meter.result();
  const recorded = entries.flatMap(({ name, record }, i) => {
    const accuracy = record?.metrics['testAccuracy'];
    return accuracy === undefined ? [] : [{ name, recorded: accuracy, measured: instances[i]!.targetAccuracy }];
  });
  const remarks = [
    ...recordedAccuracyRemarks(recorded, labels.length, dataset),
    ...evaluationRemarks(instances, diversity, labels.length, space),
  ];
  return {
    ...{ instances, summary: summarize(instances), diversity, remarks },
    ...(refine !== undefined && { refined: { instances: refined, summary: summarize(refined) } }),
  };
}

/** The architecture of a network, and the class that it gives each image. */
interface Said {
  readonly classId: number;
  readonly classes: Int32Array;
}

/** The result of `run` for the network that an embedding, which is freed, decodes to, and its architecture. */
async function afterTheSpace(
  space: NetSpace,
  embedding: tf.Tensor2D,
  run: (predicted: PredictedInstance) => Promise<Int32Array>,
): Promise<Said> {
  const [predicted] = await space.instantiate(embedding).finally(() => embedding.dispose());
  try {
    return { classId: predicted!.classId, classes: await run(predicted!) };
  } finally {
    disposeInstances([predicted!]);
  }
}
