import type { NetSpace } from '@netspace/model';
import { disposeInstances, type Instance, NetSpaceError, type StepProgress } from '@netspace/prep';
import { abortSignal, asGiven, checkFiniteInstances, extended, functionOf, type GivenBy, nextTask, oneOf, optional, parseOptions, positive, type UsedBy, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import { type Dataset, type NetworkOutputs, outputError, predictOutputs } from '@netspace/zoo';
import { evaluationOptions, isTensorDataset, seenTargets } from '@netspace/zoo/internal';

import { refinementOptions } from '../latent/refine-embedding.js';
import { diversityMeter, type Diversity } from './measures/diversity.js';
import { type EvaluatedOutputs, type OutputsSummary, type RefinedOutputs, summarizeOutputs } from './evaluated-outputs.js';
import { checkEmbeddings, embeddingOf, givenEmbeddings } from './given-embeddings.js';
import type { SpaceEntry } from './evaluate-space.js';
import { refinedReconstruction, refuseSameImages } from './refined-reconstruction.js';
import { collapseRemark } from './remarks.js';

/** See {@link EvaluateOutputsOptions}. */
export const evaluateOutputsOptions = extended(evaluationOptions, {
  /**
   * What the networks give: numbers (`regression`), colors (`rgb`) or logits of "inside" (`occupancy`).
   * @default 'regression'
   */
  task: withDefault(oneOf(['regression', 'rgb', 'occupancy']), 'regression'),
  /**
   * The largest difference of two colors, for PSNR: 1 for colors from 0 to 1, 2 for −1 to 1, 255 for bytes.
   * @default 1
   */
  peak: withDefault(positive, 1),
  /** Called after each network, which counts as a step. */
  onStep: optional(functionOf<(progress: StepProgress) => void>()),
  /** Stops after the current network. */
  signal: optional(abortSignal),
  /**
   * The embeddings that are decoded, `[N, E]`, in the order of the networks, such as `trainedEmbeddings` gives them. The caller keeps them.
   * @default the encodings of the networks
   */
  embeddings: optional(givenEmbeddings),
  /**
   * Also measures predictions from refined encodings. Its `inputs` must be others than those of the measurement.
   * @default encodings alone
   */
  refine: optional(asGiven(refinementOptions)),
});

/** Options of {@link evaluateOutputs}. */
export interface EvaluateOutputsOptions extends GivenBy<typeof evaluateOutputsOptions> {}

/** The result of {@link evaluateOutputs}. */
export interface OutputsEvaluation {
  /** One row a network, in order. */
  readonly instances: readonly EvaluatedOutputs[];
  readonly summary: OutputsSummary;
  /** How far predicted networks differ from each other and from the decoder's start. */
  readonly diversity: Diversity;
  /** R² of the outputs of a target against those of the target before it, mean: near 1 if all networks do the same; null if there are no two. */
  readonly targetR2: number | null;
  /** Sentences that say whether the space is collapsed, and which numbers have no meaning. */
  readonly remarks: readonly string[];
  /** The same for refined encodings, with `refine`. */
  readonly refined?: { readonly instances: readonly RefinedOutputs[]; readonly summary: OutputsSummary };
}

/**
 * Measures how well predicted networks give the numbers of their targets. It encodes and decodes each network, and runs both on the inputs of
 * a data set: mean squared error and R², the PSNR of colors, the IoU of what is inside.
 *
 * @param entries networks of the space's architectures, whether it was trained on them or not
 * @param dataset inputs; its own targets, if there are any, are compared with both networks
 * @throws NetSpaceError `NOT_FOUND` if a network is of no architecture of the space, `INVALID_OPTION` if there are no entries, a weight is NaN
 *   or infinite, for options that are unknown or out of range, if `refine` has the inputs that are measured on or stands beside `embeddings`,
 *   `SHAPE_MISMATCH` for other embeddings than one a network, `UNSUPPORTED` for occupancy that is no logits, `ABORTED` if the signal stops it; as `predictOutputs`, and with `refine` as `refineEmbedding`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { evaluateOutputs } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { createTensorDataset, initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ inputs: 2, outputs: 3, hidden: 4, layers: 0 });
 * const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
 * const space = new NetSpace({ architectures: [architecture], prepShape: [4, 8], preset: 'tiny' });
 * const points = createTensorDataset({ name: 'corners', inputs: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), shape: [2] });
 * const { summary } = await evaluateOutputs(space, [{ name: 'picture', instance }], points, { task: 'rgb' });
 * console.log(summary.count, summary.meanPsnr === -10 * Math.log10(summary.meanMse)); // 1 true
 * ```
 */
export async function evaluateOutputs(
  space: NetSpace,
  entries: readonly SpaceEntry[],
  dataset: Dataset,
  options: EvaluateOutputsOptions = {},
): Promise<OutputsEvaluation> {
  const { task, peak, onStep, signal, embeddings, refine, ...evaluation } = parseOptions(
    'evaluateOutputs',
    evaluateOutputsOptions,
    options,
  );
  if (entries.length === 0) throw new NetSpaceError('INVALID_OPTION', 'evaluateOutputs: expected at least one network, got none');
  if (embeddings !== undefined) checkEmbeddings('evaluateOutputs', space, { embeddings, entries, refine });
  if (refine !== undefined) refuseSameImages('evaluateOutputs', refine, dataset);
  const expected =
    isTensorDataset(dataset) && dataset.targets !== undefined ? seenTargets('evaluateOutputs', dataset, evaluation) : undefined;
  const instances: EvaluatedOutputs[] = [];
  const refined: RefinedOutputs[] = [];
  const meter = diversityMeter(space);
  const betweenTargets: number[] = [];
  let former: NetworkOutputs | undefined;
  let least = Infinity;
  for (const [index, { name, instance }] of entries.entries()) {
    await nextTask(); // lets the signal arrive: networks that run without a pause would block it
    if (signal?.aborted) {
      throw new NetSpaceError('ABORTED', `evaluateOutputs: stopped by its signal after ${instances.length} of ${entries.length} networks`);
    }
    const classId = space.classIdOf(instance);
    await checkFiniteInstances('evaluateOutputs', [instance], () => JSON.stringify(name));
    const target = await predictOutputs(instance, dataset, evaluation);
    if (task === 'occupancy') checkLogits(name, target);
    if (former?.values.length === target.values.length) {
      const { r2 } = outputError(former.values, target.values, target.width);
      if (r2 !== null) betweenTargets.push(r2);
    }
    former = target;
    least = target.values.reduce((low, value) => Math.min(low, value), least);
    const compare = async (predicted: Instance & { readonly classId: number }): Promise<EvaluatedOutputs> => {
      const outputs = await predictOutputs(predicted, dataset, evaluation);
      const { mse, r2 } = outputError(outputs.values, target.values, target.width);
      return {
        ...{ name, architecture: instance.architecture.name, classId, predictedClassId: predicted.classId, mse, r2 },
        ...(task === 'rgb' && { psnr: mse === 0 ? null : 10 * Math.log10(peak ** 2 / mse) }),
        ...(task === 'occupancy' && { iou: overlap(outputs.values, target.values) }),
        ...(expected !== undefined && {
          targetMse: errorAgainst(expected, target, instance, dataset),
          predictedMse: errorAgainst(expected, outputs, predicted, dataset),
        }),
      };
    };
    const embedding = embeddingOf(space, instance, embeddings, index);
    const [predicted] = await space.instantiate(embedding).finally(() => embedding.dispose());
    try {
      instances.push(await compare(predicted!));
      await meter.add(instance, predicted!);
    } finally {
      disposeInstances([predicted!]);
    }
    if (refine !== undefined) {
      const stoppable = { ...(signal !== undefined && { signal }), ...refine };
      const { predicted: better, ...search } = await refinedReconstruction(space, instance, stoppable);
      refined.push({ ...(await compare(better).finally(() => disposeInstances([better]))), ...search });
    }
    onStep?.({ step: instances.length, steps: entries.length });
  }
  const diversity = meter.result();
  return {
    ...{
      instances,
      summary: summarizeOutputs(instances),
      diversity,
      targetR2: betweenTargets.length === 0 ? null : betweenTargets.reduce((sum, r2) => sum + r2, 0) / betweenTargets.length,
      remarks: remarksOn(instances, { diversity, space, task, peak, least }),
    },
    ...(refine !== undefined && { refined: { instances: refined, summary: summarizeOutputs(refined) } }),
  };
}

/** Occupancy that lies from 0 to 1 is of probabilities: all of it would be inside. */
function checkLogits(name: string, { values }: NetworkOutputs): void {
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity] as readonly [number, number]); // prettier-ignore
  if (low < 0 || high > 1) return;
  throw new NetSpaceError('UNSUPPORTED', `evaluateOutputs: expected occupancy as logits, inside where positive, got outputs from ${low} to ${high} of ${name}, as of a sigmoid; export the network without it`); // prettier-ignore
}

/** Points inside both over points inside either. */
function overlap(a: Float32Array, b: Float32Array): number | null {
  let [both, either] = [0, 0];
  a.forEach((value, i) => {
    both += Number(value > 0 && b[i]! > 0);
    either += Number(value > 0 || b[i]! > 0);
  });
  return either === 0 ? null : both / either;
}

function errorAgainst(expected: Float32Array, { values, width }: NetworkOutputs, { architecture }: Instance, { name }: Dataset): number {
  if (values.length === expected.length) return outputError(values, expected, width).mse;
  const each = (expected.length * width) / values.length;
  throw new NetSpaceError('SHAPE_MISMATCH', `evaluateOutputs: expected ${each} outputs of ${architecture.name} for the targets of ${name}, got ${width}; leave the targets out, or use data of its task`); // prettier-ignore
}

interface Looked extends Pick<UsedBy<typeof evaluateOutputsOptions>, 'task' | 'peak'> {
  readonly diversity: Diversity;
  readonly space: NetSpace;
  /** The smallest number that a target gives. */
  readonly least: number;
}

function remarksOn(instances: readonly EvaluatedOutputs[], { diversity, space, task, peak, least }: Looked): readonly string[] {
  const constant = instances.filter(({ r2 }) => r2 === null).length;
  const empty = instances.filter(({ iou }) => iou === null).length;
  return [
    ...(diversity.collapsed ? [collapseRemark(diversity, space)] : []),
    ...(constant > 0
      ? [`R² means nothing for ${constant} of ${instances.length} networks, whose outputs are constant on these inputs.`]
      : []),
    ...(empty > 0
      ? [
          `The IoU means nothing for ${empty} of ${instances.length} networks: neither they nor their predicted networks have a point inside.`,
        ]
      : []),
    ...(task === 'rgb' && peak === 1 && least < -0.5
      ? [
          `PSNR is of colors from 0 to 1, but targets give colors down to ${Number(least.toPrecision(3))}. If theirs go from −1 to 1, peak 2 is right, which makes PSNR 6 dB larger.`,
        ]
      : []),
  ];
}
