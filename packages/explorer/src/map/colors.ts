import type { MappedNetwork } from '../folder/manifest.js';
import type { Opened } from '../worker/messages/protocol.js';

export type Rgb = readonly [number, number, number];

/** From low to high: distinct on white and on black, and in order of lightness for those who see no colors. */
const RAMP: readonly Rgb[] = [
  [84, 62, 156],
  [132, 68, 160],
  [183, 75, 141],
  [224, 95, 112],
  [243, 134, 84],
  [246, 182, 78],
];

/** Architectures, in order of ClassId. */
const KINDS: readonly Rgb[] = [
  [76, 110, 245],
  [224, 122, 47],
  [38, 157, 111],
  [199, 70, 143],
  [138, 111, 209],
  [165, 138, 31],
  [48, 154, 200],
  [143, 92, 70],
];

/** Of networks without the metric that colors the map. */
const NONE: Rgb = [140, 140, 140];

export function rampColor(share: number): Rgb {
  if (!Number.isFinite(share)) return NONE;
  const at = Math.min(1, Math.max(0, share)) * (RAMP.length - 1);
  const from = Math.min(RAMP.length - 2, Math.floor(at));
  const mixed = (i: 0 | 1 | 2): number => Math.round(RAMP[from]![i] + (at - from) * (RAMP[from + 1]![i] - RAMP[from]![i]));
  return [mixed(0), mixed(1), mixed(2)];
}

export const kindColor = (classId: number): Rgb => KINDS[classId % KINDS.length]!;

export const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

/** How the map is colored: by a number from `low` to `high`, or by architecture. */
export interface Coloring {
  readonly by: string;
  readonly range: readonly [low: number, high: number] | undefined;
  readonly color: (network: MappedNetwork) => Rgb;
  readonly value: (network: MappedNetwork) => number | undefined;
}

export function coloringOf(opened: Opened, by: string): Coloring {
  const { networks } = opened.manifest;
  const value = (one: MappedNetwork): number | undefined => (by === 'length' ? one.length : one.metrics[by]);
  let [low, high] = [Infinity, -Infinity];
  for (const network of networks) {
    const number = value(network);
    if (number !== undefined) [low, high] = [Math.min(low, number), Math.max(high, number)];
  }
  if (by === 'architecture' || low > high) {
    const kinds = new Map(opened.architectures.map(({ name }, classId) => [name, classId]));
    return { by: 'architecture', range: undefined, color: (one) => kindColor(kinds.get(one.architecture) ?? 0), value: () => undefined };
  }
  const width = high - low || 1;
  return { by, range: [low, high], color: (one) => rampColor(((value(one) ?? NaN) - low) / width), value };
}
