import { predictClasses } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import type { ZooMember } from './digits-zoo.js';
import { refineTogether } from './refine.js';
import { REFINEMENT } from './settings.js';

/** Where the networks of the zoo lie in the space. */
export interface Places {
  /** `[zoo, E]`, in the zoo's order; kept until the demo ends. */
  readonly embeddings: tf.Tensor2D;
  /** `[1, E]` */
  of(member: ZooMember): tf.Tensor2D;
  /** The known network that each held-out one was started from. */
  readonly mostAlike: ReadonlyMap<ZooMember, ZooMember>;
}

/**
 * Known networks lie where training put them. A held-out network starts at the known network of its architecture that answers most like it, and
 * its embedding is refined from there.
 *
 * @param learned embeddings of the known networks, `[known, E]`, in the zoo's order
 * @param images of training: what networks are compared on
 */
export async function placesOf(space: NetSpace, zoo: readonly ZooMember[], learned: tf.Tensor2D, images: ImageDataset): Promise<Places> {
  const known = zoo.filter(({ heldOut }) => !heldOut);
  const heldOut = zoo.filter((member) => member.heldOut);
  const at = new Map(known.map((member, i) => [member, tf.slice(learned, [i, 0], [1, -1])]));
  const mostAlike = await findMostAlike(known, heldOut, images);
  for (const { name } of space.architectures) {
    const targets = heldOut.filter(({ instance }) => instance.architecture.name === name);
    if (targets.length === 0) continue;
    const start = tf.tidy(() => tf.concat<tf.Tensor2D>(targets.map((target) => at.get(mostAlike.get(target)!)!)));
    const instances = targets.map(({ instance }) => instance);
    const refined = await refineTogether(space, instances, start, images).finally(() => start.dispose());
    for (const [i, target] of targets.entries()) at.set(target, tf.slice(refined, [i, 0], [1, -1]));
    refined.dispose();
  }
  const embeddings = tf.concat<tf.Tensor2D>(zoo.map((member) => at.get(member)!));
  return { embeddings, of: (member) => at.get(member)!, mostAlike };
}

/** For each held-out network the known one of its architecture that gives the same answer for most of some training images. */
async function findMostAlike(
  known: readonly ZooMember[],
  heldOut: readonly ZooMember[],
  images: ImageDataset,
): Promise<ReadonlyMap<ZooMember, ZooMember>> {
  const answers = new Map<ZooMember, Int32Array>();
  for (const member of [...known, ...heldOut]) {
    answers.set(member, await predictClasses(member.instance, images, { limit: REFINEMENT.comparedOn }));
  }
  const same = (a: ZooMember, b: ZooMember): number => {
    const [of, and] = [answers.get(a)!, answers.get(b)!];
    return of.reduce((count, answer, i) => count + Number(answer === and[i]), 0);
  };
  return new Map(
    heldOut.map((target) => {
      const others = known.filter(({ instance }) => instance.architecture.name === target.instance.architecture.name);
      return [target, others.reduce((a, b) => (same(b, target) > same(a, target) ? b : a))];
    }),
  );
}
