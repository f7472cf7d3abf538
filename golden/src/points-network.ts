import { parameterCount, unpackPRep, type Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { siren } from '@netspace/zoo';

import type { Nets } from './nets.js';

/** The largest number of hidden layers that is tried for a SIREN that the manifest does not name. */
const MOST_LAYERS = 8;

/**
 * The SIREN that PReps hold: the smallest of the manifest's, and of those that a label such as `h32` or `64x2` describes, whose
 * parameters reach as far as the PReps are filled.
 *
 * @param preps `[B, H, W]`
 */
export function sirenInPReps(nets: Nets, label: string, preps: tf.Tensor3D): Architecture {
  const filled = lastFilled(preps) + 1;
  const known = nets.keys.filter((key) => nets.entry(key).params[0]?.name.startsWith('mlp.')).map((key) => nets.architecture(key));
  const hidden = Number(/\d+/.exec(label)?.[0] ?? 0);
  const described = hidden > 0 ? Array.from({ length: MOST_LAYERS }, (_, layers) => siren({ hidden, layers })) : [];
  const fitting = [...known, ...described]
    .filter(({ parameters }) => parameterCount(parameters) >= filled && parameterCount(parameters) <= preps.size / preps.shape[0])
    .sort((a, b) => parameterCount(a.parameters) - parameterCount(b.parameters));
  const [found] = fitting;
  if (found === undefined) throw new Error(`${label}: expected a SIREN of ${filled} parameters in the manifest, got none`);
  return found;
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
