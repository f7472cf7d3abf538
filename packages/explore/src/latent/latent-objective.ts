import { classIdLoss, distillationLoss, knowledgeDistillationLoss } from '@netspace/losses';
import { knowledgeDistillationLossOptions } from '@netspace/losses/internal';
import type { NetSpace } from '@netspace/model';
import { NetSpaceError } from '@netspace/prep';
import { choose, extended, functionOf, type GivenBy, nonNegative, ofOutput, type Option, optional, parseOptions, text, thing, whole, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import * as tf from '@tensorflow/tfjs-core';

import type { LatentObjective } from './optimize-latent.js';
import { predictedLogits } from '../evaluate/predicted-logits.js';

/** Images and a teacher's logits for them. */
export interface LatentBatch {
  /** `[batch, height, width, channels]` */
  readonly images: tf.Tensor;
  /** The teacher's logits for these images, `[batch, classes]`. */
  readonly teacher: tf.Tensor2D;
  /** Class of each image, int32 `[batch]`; with labels the loss is (5), without them the teacher's part (3) alone. */
  readonly labels?: tf.Tensor1D;
}

/** See {@link LatentObjectiveOptions}. */
export const latentObjectiveOptions = extended(knowledgeDistillationLossOptions, {
  /** The space whose networks are optimized. */
  space: thing<Pick<NetSpace, 'architectures'>>('a NetSpace', ['architectures']),
  /** One batch for all steps, or one for each; tensors made for a step are freed after it. */
  batch: choose<Option<LatentBatch | ((step: number) => LatentBatch)>>(
    '{ images, teacher }, or a function of the step that gives them',
    (given) =>
      typeof given === 'function'
        ? functionOf<(step: number) => LatentBatch>()
        : thing<LatentBatch>('{ images, teacher }', ['images', 'teacher']),
  ),
  /** The architecture that the result should have; needed in a space of several. */
  classId: optional(whole),
  /**
   * Name of the output that is compared, of networks that have several.
   * @default the only one
   */
  output: optional(text),
  /**
   * Factor of L_class.
   * @default 1
   */
  classWeight: withDefault(nonNegative, 1),
});

/** Options of {@link latentObjective}. */
export interface LatentObjectiveOptions extends GivenBy<typeof latentObjectiveOptions> {}

/**
 * The paper's objective of latent space optimization. The network should answer as a teacher does and, in a space of several architectures,
 * have the wanted architecture.
 *
 * `Σ_rows L_kd + w · L_class`, with L_kd from equation (5) (`α` L_kl of (3) `+ (1 − α)` L_ce of (4)) and L_class from (6). The authors'
 * code leaves T² out here: `squaredTemperature: false`.
 *
 * @returns a loss for `optimizeLatent`
 * @throws NetSpaceError `INVALID_OPTION` if the space has several architectures and `classId` is missing or is none of them, if networks have several
 * outputs and none is named, or for options
 * that are unknown, missing or out of range; when it runs, as the losses that it consists of
 * @see Berardi et al., "Learning the Space of Deep Models", section IV (latent space optimization)
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { latentObjective, optimizeLatent } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const [start, teacher] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const space = new NetSpace({ architectures: [architecture], prepShape: [8, 128], preset: 'tiny' });
 * const images = tf.ones([2, 32, 32, 3]);
 * const logits = architecture.apply(teacher!.parameters, images) as tf.Tensor2D;
 * const loss = latentObjective({ space, batch: { images, teacher: logits } });
 * const { losses } = await optimizeLatent(space, space.encode([start!]), { loss, steps: 2 });
 * console.log(losses.length); // 3
 * ```
 */
export function latentObjective(options: LatentObjectiveOptions): LatentObjective {
  const { space, batch, classId, output, classWeight, alpha, ...distillation } = parseOptions(
    'latentObjective',
    latentObjectiveOptions,
    options,
  );
  const { architectures } = space;
  const architecture = architectures[classId ?? (architectures.length === 1 ? 0 : -1)];
  if (architecture === undefined) {
    const names = architectures.map(({ name }, i) => `${i} (${name})`).join(', ');
    throw new NetSpaceError('INVALID_OPTION', `latentObjective: expected a classId of ${names}, got ${classId ?? 'none'}`);
  }
  const own = architectures.indexOf(architecture);
  const compared = ofOutput('latentObjective', architecture, output);
  const objective: LatentObjective = ({ preps, classLogits }, step) => {
    const { images, teacher, labels } = typeof batch === 'function' ? batch(step) : batch;
    const each = predictedLogits(preps, compared, images).map((student) =>
      labels === undefined
        ? distillationLoss(student, teacher, distillation)
        : knowledgeDistillationLoss(student, teacher, labels, { alpha, ...distillation }),
    );
    const imitation = tf.addN(each);
    if (classLogits === undefined) return imitation;
    const classIds = Array<number>(preps.shape[0]).fill(own);
    return tf.add(imitation, tf.mul(classIdLoss(classLogits, classIds), classWeight));
  };
  return Object.assign(objective, { classId: own });
}
