import type { NetSpace } from '@netspace/model';
import { unpackPRep, type Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { pairwiseDisagreement, variation, type Variation } from './variation.js';

/**
 * How much predicted networks differ from each other and from the network that the decoder starts from, compared with their targets. Near
 * 1: as much as the targets. Near 0: the space predicts nearly the same network for everything that it encodes. Null: there is nothing to
 * compare.
 */
export interface Diversity {
  /**
   * Root mean square distance of predicted weights from their mean, divided by that of the targets from theirs; each architecture by
   * itself.
   */
  readonly weightSpread: number | null;
  /** Distance of predicted weights from the decoder's constant part, as a fraction of the targets' distance from it. */
  readonly fromStart: number | null;
  /** Share of the images on which two predicted networks of one architecture disagree, in [0, 1]. */
  readonly disagreement: number | null;
  /** The same for the targets. */
  readonly targetDisagreement: number | null;
  /**
   * Whether the embedding hardly matters. This is so if predicted weights spread less than 1 % as much as those of their targets. It is
   * also so if predicted networks disagree less than 2 % as often as their targets, and the targets disagree on five images at least.
   */
  readonly collapsed: boolean;
}

/** The classes (arg-max) that networks give for some images. */
export interface SaidClasses {
  readonly target: Int32Array;
  readonly predicted: Int32Array;
}

/** Measures the {@link Diversity} of networks that are given to it one after the other. */
export interface DiversityMeter {
  /** Takes a network and its predicted network, and reads their weights at once. */
  add(target: Instance, predicted: Instance, classes?: SaidClasses): Promise<void>;
  result(): Diversity;
}

/**
 * Measures {@link Diversity} network by network, with few networks in memory at a time. `evaluateSpace` uses it for classifiers.
 *
 * @example
 * ```ts
 * import { diversityMeter, reconstruct } from '@netspace/explore';
 * import type { NetSpace } from '@netspace/model';
 * import { disposeInstances, type Instance } from '@netspace/prep';
 *
 * async function isCollapsed(space: NetSpace, targets: readonly Instance[]): Promise<boolean> {
 *   const meter = diversityMeter(space);
 *   for (const target of targets) {
 *     const predicted = await reconstruct(space, target);
 *     await meter.add(target, predicted);
 *     disposeInstances([predicted]);
 *   }
 *   return meter.result().collapsed;
 * }
 * ```
 */
export function diversityMeter(space: Pick<NetSpace, 'architectures' | 'variables' | 'normalization' | 'config'>): DiversityMeter {
  const [targets, predictions] = [new Map<string, Side>(), new Map<string, Side>()];
  const starts = new Map<string, Float32Array>();
  const distances = { target: 0, predicted: 0 };
  let images = 0;
  const start = async (name: string): Promise<Float32Array> => {
    const known = starts.get(name) ?? (await constantPart(space, name));
    starts.set(name, known);
    return known;
  };
  return {
    async add(target, predicted, classes) {
      const [own, made] = [await weightsOf(target), await weightsOf(predicted)];
      images = classes?.target.length ?? 0;
      sideOf(targets, target.architecture.name).add(own, classes?.target);
      sideOf(predictions, predicted.architecture.name).add(made, classes?.predicted);
      distances.target += squaredDistance(own, await start(target.architecture.name));
      distances.predicted += squaredDistance(made, await start(predicted.architecture.name));
    },
    result() {
      const ratios = [...targets].flatMap(([name, target]) => {
        const [whole, part] = [target.variation, predictions.get(name)?.variation];
        return part !== undefined && part.count() > 1 && whole.meanSquare() > 0 ? [part.meanSquare() / whole.meanSquare()] : [];
      });
      const weightSpread = ratios.length === 0 ? null : Math.sqrt(mean(ratios));
      const [disagreement, targetDisagreement] = [disagreementOf(predictions), disagreementOf(targets)];
      const seen = targetDisagreement === null ? 0 : targetDisagreement * images;
      const alike = disagreement !== null && seen >= 5 && disagreement < 0.02 * targetDisagreement!;
      return {
        ...{ weightSpread, disagreement, targetDisagreement },
        fromStart: distances.target > 0 ? Math.sqrt(distances.predicted / distances.target) : null,
        collapsed: alike || (weightSpread !== null && weightSpread < 0.01),
      };
    },
  };
}

/** Networks of one architecture. */
interface Side {
  readonly variation: Variation;
  readonly classes: Int32Array[];
  add(weights: Float32Array, classes: Int32Array | undefined): void;
}

function sideOf(sides: Map<string, Side>, name: string): Side {
  const known = sides.get(name);
  if (known !== undefined) return known;
  const [own, classes]: [Variation, Int32Array[]] = [variation(), []];
  const side: Side = {
    ...{ variation: own, classes },
    add(weights, said) {
      own.add(weights);
      if (said !== undefined) classes.push(said);
    },
  };
  sides.set(name, side);
  return side;
}

function disagreementOf(sides: ReadonlyMap<string, Side>): number | null {
  const several = [...sides.values()].filter(({ classes }) => classes.length > 1);
  return several.length === 0 ? null : mean(several.map(({ classes }) => pairwiseDisagreement(classes)));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** All weights of a network, one after the other. */
async function weightsOf({ parameters }: Pick<Instance, 'parameters'>): Promise<Float32Array> {
  const parts = await Promise.all(parameters.map((tensor) => tensor.data()));
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * The part of the decoder's result for an architecture that does not depend on the embedding: the bias of its scale layer, in the space's
 * units.
 */
async function constantPart(
  { architectures, variables, normalization }: Parameters<typeof diversityMeter>[0],
  name: string,
): Promise<Float32Array> {
  const classId = architectures.findIndex((architecture) => architecture.name === name);
  const parameters = tf.tidy(() => {
    const bias = variables['decoder/scalelayer.bias'] as tf.Tensor2D;
    if (normalization === undefined) return unpackPRep(bias, architectures[classId]!);
    const unit = (all: tf.Tensor3D): tf.Tensor2D => tf.squeeze(tf.slice(all, [classId, 0, 0], [1, -1, -1]), [0]);
    const { mean: middle, deviation, start = middle } = normalization;
    return unpackPRep(tf.add(tf.mul(bias, unit(deviation)), unit(start)), architectures[classId]!);
  });
  return weightsOf({ parameters }).finally(() => tf.dispose([...parameters]));
}

const squaredDistance = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
