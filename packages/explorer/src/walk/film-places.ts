import { placeOfWalk } from '../state/places.js';
import type { Walk } from '../state/state.js';
import type { Place } from '../worker/messages/protocol.js';

/** A picture of a film: its place, and where that is in words. */
export interface FilmStop {
  readonly walk: Walk;
  readonly place: Place;
  readonly where: string;
}

const MIDDLE = [1 / 3, 1 / 3, 1 / 3] as const;
/** Around a triangle by its corners, and into its middle. */
const ROUND: readonly Walk['weights'][] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], MIDDLE]; // prettier-ignore

/** The walk at a time from 0 to 1: along a line or path by γ; around a triangle from A over B and C to A, then to its middle. */
export function walkAt(walk: Walk, time: number): Walk {
  if (walk.mode !== 'triangle') return { ...walk, gamma: time };
  const along = time * (ROUND.length - 1);
  const part = Math.min(ROUND.length - 2, Math.floor(along));
  const within = along - part;
  const mixed = (i: 0 | 1 | 2): number => (1 - within) * ROUND[part]![i] + within * ROUND[part + 1]![i];
  return { ...walk, weights: [mixed(0), mixed(1), mixed(2)] };
}

/**
 * When a walk comes by where it stands, from 0 to 1: what `walkAt` undoes. Off the way around a triangle it is the nearest place of that way.
 *
 * @param near which time is meant where the way comes by twice, as at A
 */
export function timeOnWalk(walk: Walk, near: number): number {
  if (walk.mode !== 'triangle') return walk.gamma;
  const legs = ROUND.length - 1;
  const candidates = Array.from({ length: legs }, (_, leg) => {
    const [from, to] = [ROUND[leg]!, ROUND[leg + 1]!];
    const way = difference(to, from);
    const within = Math.min(1, Math.max(0, dot(difference(walk.weights, from), way) / dot(way, way)));
    const time = (leg + within) / legs;
    const away = difference(walk.weights, walkAt(walk, time).weights);
    return { time, distance: Math.hypot(...away) };
  });
  const least = Math.min(...candidates.map(({ distance }) => distance));
  const times = candidates.filter(({ distance }) => distance <= least + 1e-9).map(({ time }) => time);
  return times.reduce((best, time) => (Math.abs(time - near) < Math.abs(best - near) ? time : best));
}

/** Where a walk stands: `γ = 0.25`, or `A 50 % · B 50 % · C 0 %`. */
export const whereOnWalk = ({ mode, gamma, weights }: Walk): string =>
  mode === 'triangle' ? weights.map((weight, i) => `${'ABC'[i]} ${Math.round(100 * weight)} %`).join(' · ') : `γ = ${gamma.toFixed(2)}`;

/** @returns the pictures of a film from end to end; none if the walk has too few stops */
export function filmStops(walk: Walk, count: number): readonly FilmStop[] {
  return Array.from({ length: count }, (_, i) => walkAt(walk, i / (count - 1))).flatMap((one) => {
    const place = placeOfWalk(one);
    return place === undefined ? [] : [{ walk: one, place, where: whereOnWalk(one) }];
  });
}

/** Weights of a grid over a triangle, corners and edges with it: `(n + 1)(n + 2) / 2` of them. */
export function triangleGrid(parts: number): readonly Walk['weights'][] {
  return Array.from({ length: parts + 1 }, (_, a) =>
    Array.from({ length: parts - a + 1 }, (__, b): Walk['weights'] => [(parts - a - b) / parts, b / parts, a / parts]),
  ).flat();
}

const difference = (a: Walk['weights'], b: Walk['weights']): readonly number[] => a.map((weight, i) => weight - b[i]!);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
