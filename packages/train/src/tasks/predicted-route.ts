import { routeByArgMax, type Route } from '@netspace/losses';
import { canReadAtOnce, interpolatedSamples, interpolateSamples, largestOfRows } from '@netspace/losses/internal';
import type { NetSpace } from '@netspace/model';
import type { PRepBatch } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { Embed } from './train-task.js';

/** How a step gets the answers of its class head, and what it must read before. */
export interface PredictedRoute {
  readonly route: Route;
  /**
   * Runs the class head on the step's networks, and on those between them, before the step. It is for backends on which values cannot be
   * read inside a step.
   */
  readonly readAhead?: (batch: PRepBatch, embed: Embed) => Promise<void>;
}

/**
 * Runs each predicted network as the architecture that the class head gives. If this cannot be read inside a step, the embeddings are made
 * twice.
 */
export function predictedRoute(space: NetSpace, { interpolation }: { readonly interpolation: boolean }): PredictedRoute {
  if (canReadAtOnce()) return { route: routeByArgMax };
  let ahead: readonly number[] = [];
  return {
    route: (_, targets) => ahead.slice(0, targets.length), // the networks between are decoded with the others, or there are none
    async readAhead({ classIds }, embed) {
      const logits = tf.tidy(() => {
        const embeddings = embed();
        const samples = interpolation ? interpolatedSamples(classIds, space.architectures.length) : [];
        const all = samples.length === 0 ? embeddings : tf.concat([embeddings, interpolateSamples(embeddings, samples)], 0);
        return space.decode(all).classLogits!; // a space of several architectures has a class head
      });
      ahead = await logits
        .data()
        .then((values) => largestOfRows(values, logits.shape))
        .finally(() => logits.dispose());
    },
  };
}
