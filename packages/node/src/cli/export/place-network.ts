import { evaluateOutputs, evaluateSpace, refineEmbedding, type RefinementOptions } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import type { Dataset, StoredInstance } from '@netspace/zoo';
import type * as tf from '@tensorflow/tfjs-core';

import { shapeComparison } from '../evaluation/evaluate-shapes.js';
import { givesOutputs, labeled, type SpaceTask } from '../measured-task.js';

interface MeasureOptions {
  /** Inputs for networks that are no shapes; without them nothing is measured. */
  readonly dataset: Dataset | undefined;
  readonly task: SpaceTask;
  /** How encodings are refined, if they are. */
  readonly refine: RefinementOptions | undefined;
  readonly signal: AbortSignal;
}

/** The place of a network in a space, and measures of the network that it decodes to, by name. */
export interface PlacedNetwork {
  /** `[1, E]`: the encoding, or what refinement makes of it; whoever asks for it disposes of it. */
  readonly embedding: tf.Tensor2D;
  readonly measured: Readonly<Record<string, number>>;
}

/** Encodes a network, refines the encoding where that is asked for, and compares the network with its predicted network. */
export async function placeNetwork(space: NetSpace, entry: StoredInstance, options: MeasureOptions): Promise<PlacedNetwork> {
  const { refine, signal } = options;
  const { embedding } =
    refine === undefined
      ? { embedding: space.encode([entry.instance]) }
      : await refineEmbedding(space, entry.instance, { ...refine, signal });
  return { embedding, measured: await measures(space, { entry, embedding }, options) };
}

async function measures(
  space: NetSpace,
  { entry, embedding }: { readonly entry: StoredInstance; readonly embedding: tf.Tensor2D },
  { dataset, task: { task, head }, signal }: MeasureOptions,
): Promise<Readonly<Record<string, number>>> {
  if (task === 'sdf') {
    const [predicted] = await space.instantiate(embedding);
    const { mse, iou, empty } = await shapeComparison(space)(entry, predicted!).finally(() => disposeInstances([predicted!]));
    return empty ? { mse } : { mse, iou };
  }
  if (dataset === undefined) return {};
  const used = { ...head, signal, embeddings: embedding };
  if (givesOutputs(task)) {
    const { instances } = await evaluateOutputs(space, [entry], dataset, { ...used, task });
    const { mse, r2, psnr, iou, targetMse, predictedMse } = instances[0]!;
    const measured = { r2, mse, psnr, iou, testMse: targetMse, predictedMse };
    return Object.fromEntries(Object.entries(measured).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])));
  }
  const { instances } = await evaluateSpace(space, [entry], labeled('export', dataset), used);
  const { targetAccuracy, predictedAccuracy, agreement } = instances[0]!;
  return { testAccuracy: targetAccuracy, predictedAccuracy, agreement };
}
