import { interpolationLoss, multiArchitectureLoss, type InterpolationInputs } from '@netspace/losses';
import * as tf from '@tensorflow/tfjs-core';

import type { Checks } from '../checks.js';
import type { GoldenFile } from '../golden-file.js';
import type { Group } from '../group.js';

/** The multi-architecture loss of each case, with the README's linear stand-in for decoder and networks. */
export const interp: Group = ({ file, checks }) => {
  for (const name of file.names.filter((candidate) => candidate.endsWith('/class-ids'))) {
    const set = name.slice(0, -'/class-ids'.length);
    checks.section(set, () => interpolation(file, checks, set));
  }
};

/** The weights that a gradient is asked for, in order. */
const PARTS = ['embeddings', 'class-weight', 'class-bias', 'prep-weight', 'prep-bias'] as const;

function interpolation(file: GoldenFile, checks: Checks, set: string): void {
  const own = (part: string): string => (file.has(`${set}/${part}`) ? `${set}/${part}` : part); // the decoder is shared by all sets
  const inputs = standIn(file, set, own);
  const weights = PARTS.map((part) => file.tensor(own(part)));

  const loss = multiArchitectureLoss(inputs(weights));
  const { samples } = loss.interpolation!;
  checks.expect(`${set}/pairs`, samples.pairs.flatMap(({ smallest, largest }) => [smallest, largest]), 'exact'); // prettier-ignore
  checks.expect(`${set}/gammas`, samples.gammas);
  checks.expect(`${set}/targets`, samples.targets, 'exact');
  checks.expect(`${set}/interpolated`, samples.embeddings);
  checks.expect(`${set}/pred-class-interpolated`, samples.predictedClassIds, 'exact');
  checks.expect(`${set}/pred-class`, loss.predictedClassIds, 'exact');
  checks.expect(`${set}/class`, loss.classId);
  checks.expect(`${set}/kl`, loss.distillation);
  checks.expect(`${set}/ce`, loss.crossEntropy);
  checks.expect(`${set}/base-total`, loss.base);
  checks.expect(`${set}/total`, loss.total);

  const between = interpolationLoss(inputs(weights));
  checks.expect(`${set}/gamma-class`, between.classId);
  checks.expect(`${set}/gamma-kl`, between.distillation);
  checks.expect(`${set}/gamma-ce`, between.crossEntropy);
  checks.expect(`${set}/gamma-total`, between.total);

  const gradients = tf.grads((...x) => multiArchitectureLoss(inputs(x)).total)(weights);
  PARTS.forEach((part, i) => checks.expect(`${set}/grad-${part}`, gradients[i]));
}

/** Class logits `e Wc' + bc`, PRep `e Wp' + bp` viewed as C × (D + 1); network c gives `(1 + c / 2) (P[:, :D] x + P[:, D])`. */
function standIn(file: GoldenFile, set: string, own: (part: string) => string): (weights: readonly tf.Tensor[]) => InterpolationInputs {
  const images = file.tensor<tf.Rank.R2>(own('images'));
  const teacher = file.tensor<tf.Rank.R2>(own('teacher'));
  const labels = tf.tensor1d(file.numbers(own('labels')), 'int32');
  const classIds = file.numbers(`${set}/class-ids`);
  const classes = teacher.shape[1];
  const pixels = images.shape[1];
  return ([embeddings, classWeight, classBias, prepWeight, prepBias]) => ({
    embeddings: embeddings as tf.Tensor2D,
    classIds,
    architectures: classWeight!.shape[0]!,
    teacher,
    labels,
    decode: (e) => ({
      preps: tf.reshape(tf.add(tf.matMul(e, prepWeight as tf.Tensor2D, false, true), prepBias!), [-1, classes, pixels + 1]),
      classLogits: tf.add<tf.Tensor2D>(tf.matMul(e, classWeight as tf.Tensor2D, false, true), classBias!),
    }),
    forward: (preps, ids) =>
      (tf.unstack(preps) as tf.Tensor2D[]).map((prep, k) => {
        const [weight, bias] = tf.split<tf.Tensor2D>(prep, [pixels, 1], 1); // [C, D] and [C, 1]
        const logits = tf.add(tf.matMul(images, weight!, false, true), tf.transpose(bias!));
        return tf.mul<tf.Tensor2D>(logits, 1 + 0.5 * ids[k]!);
      }),
  });
}
