import { type GivenBy, objectOf, parseOptions, randomStream, seed } from '@netspace/prep/internal';

import type { SeatDesign } from './seat-design.js';

/** See {@link RandomSeatOptions}. */
export const randomSeatOptions = objectOf({
  /** Seed of the seat: the same seed gives the same seat. */
  seed,
});

/** Options of {@link randomSeat}. */
export interface RandomSeatOptions extends GivenBy<typeof randomSeatOptions> {}

/**
 * Draws the design of a seat, in meters: a stool, bar stool, chair, armchair, swivel chair, bench or sofa, each with its own range of sizes,
 * legs, back and arms.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or out of range
 * @example
 * ```ts
 * import { randomSeat } from '@netspace/shapes';
 *
 * const { seat, legs } = randomSeat({ seed: 7 });
 * console.log(seat.height > seat.thickness, legs.kind === randomSeat({ seed: 7 }).legs.kind); // true true
 * ```
 */
export function randomSeat(options: RandomSeatOptions): SeatDesign {
  const { seed: own } = parseOptions('randomSeat', randomSeatOptions, options);
  const draw = drawer(randomStream(own, 5));
  return FAMILIES[draw.weighted(WEIGHTS)]!(draw);
}

/** Draws values. */
interface Drawer {
  between(low: number, high: number): number;
  whole(low: number, high: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** A place in a list of weights. */
  weighted(weights: readonly number[]): number;
}

function drawer(uniform: () => number): Drawer {
  const whole = (low: number, high: number): number => low + Math.floor(uniform() * (high - low + 1));
  return {
    between: (low, high) => low + uniform() * (high - low),
    whole,
    chance: (share) => uniform() < share,
    pick: (list) => list[whole(0, list.length - 1)]!,
    weighted(weights) {
      let left = uniform() * weights.reduce((sum, weight) => sum + weight, 0);
      return Math.max(
        0,
        weights.findIndex((weight) => (left -= weight) < 0),
      );
    },
  };
}

type Family = (draw: Drawer) => SeatDesign;
type Legs = SeatDesign['legs'];

const stool: Family = (draw) => {
  const side = draw.between(0.28, 0.44);
  const height = draw.between(0.38, 0.5);
  const outline = draw.pick(['square', 'round'] as const);
  const seat = { outline, width: side, depth: side * draw.between(0.85, 1), thickness: draw.between(0.025, 0.1), height };
  return { seat, legs: draw.chance(0.2) ? solidBase(draw) : straight(draw, { height, thin: 0.028, three: outline === 'round' }) };
};

const barStool: Family = (draw) => {
  const side = draw.between(0.3, 0.4);
  const height = draw.between(0.6, 0.8);
  const outline = draw.pick(['square', 'round'] as const);
  const seat = { outline, width: side, depth: side, thickness: draw.between(0.03, 0.08), height };
  const legs = draw.chance(0.35) ? pedestal(draw, side) : straight(draw, { height, thin: 0.03, three: false });
  return { seat, legs, ...(draw.chance(0.4) && { back: back(draw, [0.15, 0.3]) }) };
};

const chair: Family = (draw) => {
  const [width, height] = [draw.between(0.38, 0.52), draw.between(0.4, 0.5)];
  const seat = { width, depth: width * draw.between(0.85, 1.1), thickness: draw.between(0.02, 0.08), height };
  const legs = draw.chance(0.15) ? { kind: 'sled' as const, thickness: draw.between(0.025, 0.05) } : straight(draw, { height, thin: 0.028, three: false }); // prettier-ignore
  return { seat, legs, back: back(draw, [0.3, 0.6]) };
};

const armchair: Family = (draw) => {
  const [width, height] = [draw.between(0.48, 0.66), draw.between(0.34, 0.46)];
  const seat = { width, depth: width * draw.between(0.85, 1.1), thickness: draw.between(0.05, 0.16), height };
  const kind = draw.pick(['bars', 'walls'] as const);
  const legs = draw.chance(0.3) ? solidBase(draw) : straight(draw, { height, thin: 0.035, three: false });
  const arms = { kind, height: draw.between(0.14, 0.26), thickness: draw.between(0.035, kind === 'walls' ? 0.11 : 0.06), reach: draw.between(0.7, 1) }; // prettier-ignore
  return { seat, legs, arms, back: back(draw, [0.32, 0.6]) };
};

const swivel: Family = (draw) => {
  const width = draw.between(0.4, 0.52);
  const seat = { outline: draw.pick(['square', 'round'] as const), width, depth: width, thickness: draw.between(0.04, 0.1), height: draw.between(0.42, 0.54) }; // prettier-ignore
  const arms = {
    kind: 'bars' as const,
    height: draw.between(0.16, 0.24),
    thickness: draw.between(0.03, 0.05),
    reach: draw.between(0.6, 0.9),
  };
  return { seat, legs: pedestal(draw, width), back: back(draw, [0.3, 0.55]), ...(draw.chance(0.5) && { arms }) };
};

const bench: Family = (draw) => {
  const [width, height] = [draw.between(0.9, 1.5), draw.between(0.4, 0.48)];
  const seat = { width, depth: draw.between(0.32, 0.48), thickness: draw.between(0.03, 0.08), height };
  const legs = draw.chance(0.4) ? { kind: 'walls' as const, thickness: draw.between(0.03, 0.08) } : straight(draw, { height, thin: 0.04, three: false }); // prettier-ignore
  return { seat, legs, ...(draw.chance(0.4) && { back: back(draw, [0.3, 0.45]) }) };
};

const sofa: Family = (draw) => {
  const [width, height] = [draw.between(1.1, 1.7), draw.between(0.34, 0.44)];
  const seat = { width, depth: draw.between(0.6, 0.85), thickness: draw.between(0.1, 0.2), height };
  const arms = {
    kind: 'walls' as const,
    height: draw.between(0.12, 0.26),
    thickness: draw.between(0.08, 0.2),
    reach: draw.between(0.9, 1),
  };
  const panel = { kind: 'panel' as const, height: draw.between(0.3, 0.5), thickness: draw.between(0.1, 0.2), tilt: draw.between(0, 0.2) };
  return { seat, legs: draw.chance(0.6) ? solidBase(draw) : straight(draw, { height, thin: 0.05, three: false }), back: panel, arms };
};

const FAMILIES: readonly Family[] = [stool, barStool, chair, armchair, swivel, bench, sofa];
const WEIGHTS = [0.15, 0.12, 0.33, 0.16, 0.08, 0.08, 0.08];

function straight(
  draw: Drawer,
  { height, thin, three }: { readonly height: number; readonly thin: number; readonly three: boolean },
): Legs {
  const thickness = draw.between(thin, 0.06);
  const count = three && draw.chance(0.4) ? 3 : 4;
  const stretchers = { form: draw.pick(['box', 'h'] as const), thickness: thickness * draw.between(0.7, 1), height: height * draw.between(0.2, 0.5) }; // prettier-ignore
  return {
    ...{ kind: 'straight', count, thickness, round: draw.chance(0.5), taper: draw.chance(0.4) ? draw.between(0.6, 1) : 1 },
    splay: draw.chance(0.5) ? draw.between(0.01, 0.07) : 0,
    ...(count === 4 && draw.chance(0.4) && { stretchers }),
  };
}

const solidBase = (draw: Drawer): Legs => ({ kind: 'block', inset: draw.chance(0.5) ? draw.between(0.01, 0.05) : 0 });

const pedestal = (draw: Drawer, side: number): Legs => ({
  ...{ kind: 'pedestal', thickness: draw.between(0.04, 0.08), footRadius: side * draw.between(0.45, 0.62) },
  spokes: draw.pick([0, 0, 4, 5]),
});

function back(draw: Drawer, [low, high]: readonly [number, number]): NonNullable<SeatDesign['back']> {
  const height = draw.between(low, high);
  const shared = {
    ...{ height, thickness: draw.between(0.025, 0.06), tilt: draw.between(0, 0.25) },
    curve: draw.chance(0.35) ? draw.between(0.02, 0.09) : 0,
  };
  const kind = draw.pick(['panel', 'panel', 'slats', 'ladder'] as const);
  if (kind === 'panel') return { kind, ...shared };
  if (kind === 'slats') return { kind, ...shared, count: draw.whole(2, 6), width: draw.between(0.024, 0.06), round: draw.chance(0.4) };
  return { kind, ...shared, count: draw.whole(2, 4), width: draw.between(0.04, 0.09) };
}
