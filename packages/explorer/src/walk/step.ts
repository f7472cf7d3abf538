import type { Point } from '../state/places.js';
import type { Walk } from '../state/state.js';

/** One step on a walk: right and up go on, left and down back; in a triangle left is towards A, right towards B, up towards C. */
export function stepOnWalk(walk: Walk, [dx, dy]: Point, size: number): Walk {
  if (walk.mode !== 'triangle') return { ...walk, gamma: Math.min(1, Math.max(0, walk.gamma + (dx + dy) * size)) };
  if (dy < 0) return { ...walk, weights: towards(walk.weights, 2, -size) };
  return { ...walk, weights: towards(walk.weights, dx < 0 ? 0 : dx > 0 ? 1 : 2, size) };
}

/** Gives one corner more or less of the weight, the others in proportion. */
export function towards(weights: Walk['weights'], corner: number, by: number): Walk['weights'] {
  const mine = Math.min(1, Math.max(0, weights[corner]! + by));
  const others = 1 - weights[corner]!;
  const share = (i: 0 | 1 | 2): number => (i === corner ? mine : others === 0 ? (1 - mine) / 2 : (weights[i] * (1 - mine)) / others);
  return [share(0), share(1), share(2)];
}
