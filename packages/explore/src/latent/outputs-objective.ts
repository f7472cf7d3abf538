import { classIdLoss, occupancyLoss, squaredErrorLoss } from '@netspace/losses';
import type { NetSpace } from '@netspace/model';
import { type Instance, NetSpaceError } from '@netspace/prep';
import { functionOf, type GivenBy, instance, instanceOfOutput, nonNegative, objectOf, ofOutput, oneOf, optional, parseOptions, text, thing, whole, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import * as tf from '@tensorflow/tfjs-core';

import { predictedLogits } from '../evaluate/predicted-logits.js';
import type { LatentObjective } from './optimize-latent.js';

/** See {@link OutputsObjectiveOptions}. */
export const outputsObjectiveOptions = objectOf({
  /** The space whose networks are optimized. */
  space: thing<Pick<NetSpace, 'architectures'>>('a NetSpace', ['architectures']),
  /** The network to imitate, of any architecture that takes the same inputs. */
  teacher: instance,
  /** The inputs of each step, `[batch, …]`; they are freed after it. */
  inputs: functionOf<(step: number) => tf.Tensor>(),
  /**
   * `squared-error` compares numbers and colors, `occupancy` logits of "inside".
   * @default 'squared-error'
   */
  loss: withDefault(oneOf(['squared-error', 'occupancy']), 'squared-error'),
  /** The architecture that the result should have; needed in a space of several. */
  classId: optional(whole),
  /**
   * Name of the output that is compared, of networks and teachers that have several.
   * @default the only one
   */
  output: optional(text),
  /**
   * Factor of L_class.
   * @default 1
   */
  classWeight: withDefault(nonNegative, 1),
});

/** Options of {@link outputsObjective}. */
export interface OutputsObjectiveOptions extends GivenBy<typeof outputsObjectiveOptions> {}

/**
 * The objective of latent space optimization for networks that give numbers: the network should give those of a teacher and, in a space of
 * several architectures, have the wanted architecture.
 *
 * @returns a loss for `optimizeLatent`
 * @throws NetSpaceError `INVALID_OPTION` if the space has several architectures and `classId` is missing or is none of them, if networks have several
 * outputs and none is named, or for options
 * that are unknown, missing or out of range; when it runs, as the losses
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { optimizeLatent, outputsObjective } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ inputs: 2, outputs: 3, hidden: 4, layers: 0 });
 * const [start, teacher] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) }));
 * const space = new NetSpace({ architectures: [architecture], prepShape: [4, 8], preset: 'tiny' });
 * const loss = outputsObjective({ space, teacher: teacher!, inputs: (step) => tf.randomUniform([32, 2], -1, 1, 'float32', step) });
 * const { losses } = await optimizeLatent(space, space.encode([start!]), { loss, steps: 2 });
 * console.log(losses.length); // 3
 * ```
 */
export function outputsObjective(options: OutputsObjectiveOptions): LatentObjective {
  const {
    space,
    teacher: given,
    inputs,
    loss,
    classId,
    output,
    classWeight,
  } = parseOptions('outputsObjective', outputsObjectiveOptions, options);
  const { architectures } = space;
  const own = classId ?? (architectures.length === 1 ? 0 : -1);
  const architecture = architectures[own];
  if (architecture === undefined) {
    const names = architectures.map(({ name }, i) => `${i} (${name})`).join(', ');
    throw new NetSpaceError('INVALID_OPTION', `outputsObjective: expected a classId of ${names}, got ${classId ?? 'none'}`);
  }
  const compared = ofOutput('outputsObjective', architecture, output);
  const teacher = instanceOfOutput('outputsObjective', given, headOf(given, output));
  const compare = loss === 'occupancy' ? occupancyLoss : squaredErrorLoss;
  const objective: LatentObjective = ({ preps, classLogits }, step) => {
    const x = inputs(step);
    const wanted = outputsOf(teacher, x);
    const imitation = tf.addN(predictedLogits(preps, compared, x).map((values) => compare(values, wanted))) as tf.Scalar;
    if (classLogits === undefined) return imitation;
    const classIds = Array<number>(preps.shape[0]).fill(own);
    return tf.add(imitation, tf.mul(classIdLoss(classLogits, classIds), classWeight));
  };
  return Object.assign(objective, { classId: own });
}

/** The name that a teacher has to have; one of a single output is of another architecture, whose output may be called anything. */
const headOf = ({ architecture: { outputs = [] } }: Instance, output: string | undefined): string | undefined =>
  outputs.length > 1 ? output : undefined;

const outputsOf = ({ architecture, parameters }: Instance, x: tf.Tensor): tf.Tensor => architecture.apply(parameters, x);
