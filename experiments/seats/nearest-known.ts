import type { Instance } from '@netspace/prep';
import { nearestPoints } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { Shape } from '../sdf/shape-zoo.js';

export interface NearestKnownOptions {
  /** Of the known seats, `[N, E]`. */
  readonly embeddings: tf.Tensor2D;
  readonly bounds: number;
  readonly clamp: number;
  readonly seed: number;
}

/** Points in the cube, and those of them near a target's surface on which it is compared. */
const POINTS = 6000;
const COMPARED = 1200;
/** Known seats that run at once. */
const AT_ONCE = 64;

/** Finds the known seat that is the most like a target. */
export interface NearestKnown {
  /** The embedding, `[1, E]`, of the known seat whose distances near the target's surface are the most like the target's own; refinement starts there. */
  of(target: Instance): Promise<tf.Tensor2D>;
  dispose(): void;
}

/** Puts the known seats side by side, once for all targets. */
export function nearestKnown(known: readonly Shape[], { embeddings, bounds, clamp, seed }: NearestKnownOptions): NearestKnown {
  const stacked = Array.from({ length: Math.ceil(known.length / AT_ONCE) }, (_, i) => {
    const some = known.slice(i * AT_ONCE, (i + 1) * AT_ONCE).map(({ instance }) => instance.parameters);
    return some[0]!.map((__, parameter) => tf.stack(some.map((own) => own[parameter]!)));
  });
  return {
    async of(target) {
      const { architecture } = target;
      const everywhere = tf.randomUniform<tf.Rank.R2>([POINTS, 3], -bounds, bounds, 'float32', seed);
      const { points, values } = await nearestPoints(target, everywhere, COMPARED).finally(() => everywhere.dispose());
      const differences = tf.tidy(() => {
        const wanted = tf.clipByValue(values, -clamp, clamp);
        const each = stacked.map((seats) => {
          const own = tf.reshape(architecture.applyMany!(seats, points), [-1, COMPARED]); // [seats, points]
          return tf.mean(tf.abs(tf.sub(tf.clipByValue(own, -clamp, clamp), wanted)), 1);
        });
        return tf.concat(each);
      });
      tf.dispose([points, values]);
      const list = [...(await differences.data().finally(() => differences.dispose()))];
      return tf.slice(embeddings, list.indexOf(Math.min(...list)), 1);
    },
    dispose: () => tf.dispose(stacked),
  };
}
