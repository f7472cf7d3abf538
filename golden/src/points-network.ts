import { unpackPRep, type Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { siren } from '@netspace/zoo';

import type { Nets } from './nets.js';

/** SIRENs that are tried where the manifest has none that fits: the usual depth first. */
const LAYERS = [1, 2, 3, 4, 5, 0];
const WIDEST = 1024;

/**
 * The SIREN that PReps hold: one of the manifest's, else any from three coordinates to one value, whose parameters reach just as far as the
 * PReps are filled.
 *
 * @param preps `[B, H, W]`
 */
export function sirenInPReps(nets: Nets, label: string, preps: tf.Tensor3D): Architecture {
  const filled = lastFilled(preps) + 1;
  const known = nets.keys.find((key) => nets.entry(key).params[0]?.name.startsWith('mlp.') && nets.entry(key).numParams === filled);
  if (known !== undefined) return nets.architecture(known);
  for (const layers of LAYERS) {
    for (let hidden = 1; hidden <= WIDEST; hidden++) {
      const count = 4 * hidden + layers * (hidden ** 2 + hidden) + hidden + 1;
      if (count === filled) return siren({ hidden, layers });
    }
  }
  throw new Error(`${label}: expected PReps of a SIREN, got PReps filled up to place ${filled}`);
}

/** The last place in a PRep that any of the networks uses. */
function lastFilled(preps: tf.Tensor3D): number {
  const values = preps.dataSync();
  const places = values.length / preps.shape[0];
  for (let place = places - 1; place >= 0; place--) {
    for (let start = place; start < values.length; start += places) if (values[start] !== 0) return place;
  }
  return -1;
}

/**
 * Runs one network per PRep, each at its own points.
 *
 * @param preps `[B, H, W]`
 * @param points `[B, N, 3]`
 * @returns `[B, N, outputs]`
 */
export const runAtPoints = (architecture: Architecture, preps: tf.Tensor3D, points: tf.Tensor3D): tf.Tensor3D =>
  tf.tidy(() => {
    const own = tf.unstack(points);
    const values = (tf.unstack(preps) as tf.Tensor2D[]).map((prep, k) => architecture.apply(unpackPRep(prep, architecture), own[k]!));
    return tf.stack(values) as tf.Tensor3D;
  });
