import type { Rgb } from '@netspace/shapes';

// Nine steps from blue over white to red, distinguishable by the color-blind (ColorBrewer's RdBu, without its dark ends).
const STEPS: readonly Rgb[] = [
  [5, 72, 135],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [247, 247, 247],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [127, 8, 32],
];

/** Color of a signed value: white at 0, dark blue at −1 and below, dark red at 1 and above. */
export function divergingColor(value: number): Rgb {
  const place = ((Math.min(1, Math.max(-1, value)) + 1) / 2) * (STEPS.length - 1);
  const below = Math.min(STEPS.length - 2, Math.floor(place));
  const [from, to] = [STEPS[below]!, STEPS[below + 1]!];
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * (place - below));
  return [mix(0), mix(1), mix(2)];
}
