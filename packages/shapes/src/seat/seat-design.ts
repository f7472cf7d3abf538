import { NetSpaceError } from '@netspace/prep';
import {
  byKind,
  finite,
  flag,
  type GivenBy,
  nonNegative,
  numberOf,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  positive,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';

const several = numberOf('a whole number from 1 to 24', (value) => Number.isInteger(value) && value >= 1 && value <= 24);

/** What all backs have. */
const backEntries = {
  /** Height from the upper side of the seat to the top. */
  height: positive,
  /** Thickness of the panel, or of posts and rails; slats are half as thick. */
  thickness: positive,
  /**
   * How far the top lies behind the foot, as a share of the height.
   * @default 0
   */
  tilt: withDefault(finite, 0),
  /**
   * How far its middle lies behind its sides.
   * @default 0
   */
  curve: withDefault(nonNegative, 0),
};

/** See {@link SeatDesign}. */
export const seatDesignOptions = objectOf({
  /** The part to sit on. */
  seat: objectOf({
    /** @default 'square' */
    outline: withDefault(oneOf(['square', 'round']), 'square'),
    /** Size along x. */
    width: positive,
    /** Along z. */
    depth: positive,
    thickness: positive,
    /** Height of the upper side above the floor. */
    height: positive,
  }),
  /** The parts that the seat stands on. */
  legs: byKind('kind', {
    /** Legs at the corners; three stand on a circle. */
    straight: objectOf({
      kind: oneOf(['straight']),
      /** @default 4 */
      count: withDefault(
        numberOf('3 or 4', (value) => value === 3 || value === 4),
        4,
      ),
      thickness: positive,
      /** @default false */
      round: withDefault(flag, false),
      /**
       * How far the feet stand outside the tops, along x and along z.
       * @default 0
       */
      splay: withDefault(finite, 0),
      /**
       * Thickness of the foot as a share of that of the top.
       * @default 1
       */
      taper: withDefault(positive, 1),
      /** Bars between the legs: around, or one at each side and one between these. */
      stretchers: optional(objectOf({ form: oneOf(['box', 'h']), thickness: positive, height: positive })),
    }),
    /** A column on a disc, or on a star of `spokes`. */
    pedestal: objectOf({
      kind: oneOf(['pedestal']),
      thickness: positive,
      footRadius: positive,
      /**
       * Number of spokes; 0 is a disc.
       * @default 0
       */
      spokes: withDefault(
        numberOf('a whole number from 0 to 12', (value) => Number.isInteger(value) && value >= 0 && value <= 12),
        0,
      ),
    }),
    /** Two frames, each of two uprights on a runner. */
    sled: objectOf({ kind: oneOf(['sled']), thickness: positive }),
    /** Two walls at the sides. */
    walls: objectOf({ kind: oneOf(['walls']), thickness: positive }),
    /** A solid base that stands `inset` inside the edge. */
    block: objectOf({ kind: oneOf(['block']), inset: withDefault(nonNegative, 0) }),
  }),
  /** The part to lean on; a stool has none. */
  back: optional(
    byKind('kind', {
      /** One piece. */
      panel: objectOf({ kind: oneOf(['panel']), ...backEntries }),
      /** Upright slats, or spindles if they are round, between posts under a rail. */
      slats: objectOf({ kind: oneOf(['slats']), ...backEntries, count: several, width: positive, round: withDefault(flag, false) }),
      /** Rails between posts, one of them at the top. */
      ladder: objectOf({ kind: oneOf(['ladder']), ...backEntries, count: several, width: positive }),
    }),
  ),
  /** What the elbows lie on: bars on posts, or walls. */
  arms: optional(
    objectOf({
      kind: oneOf(['bars', 'walls']),
      /** Height of the upper side above that of the seat. */
      height: positive,
      thickness: positive,
      /**
       * Share of the depth that they reach forward.
       * @default 1
       */
      reach: withDefault(
        numberOf('a number above 0 and up to 1', (value) => value > 0 && value <= 1),
        1,
      ),
    }),
  ),
});

/** How a seat is made; lengths in any one unit, such as meters. See `seatMesh`. */
export interface SeatDesign extends GivenBy<typeof seatDesignOptions> {}

/** A design with its defaults filled in. */
export type WholeDesign = UsedBy<typeof seatDesignOptions>;

/** Checks a design: each part by itself, and that parts fit into each other. */
export function checkedDesign(call: string, design: SeatDesign): WholeDesign {
  const whole = parseOptions(call, seatDesignOptions, design);
  const { seat, legs, back, arms } = whole;
  const under = seat.height - seat.thickness;
  const side = Math.min(seat.width, seat.depth) * (seat.outline === 'round' ? Math.SQRT1_2 : 1);
  const atMost = (what: string, value: number, most: number, of: string): void => {
    if (value <= most) return;
    throw new NetSpaceError('INVALID_OPTION', `${call}: expected ${what} of at most ${most}, ${of}, got ${value}`);
  };
  atMost('seat.thickness', seat.thickness, seat.height * 0.99, 'so that there is room for legs');
  if (legs.kind === 'block') atMost('legs.inset', legs.inset, 0.45 * side, 'so that something is left of the base');
  else atMost('legs.thickness', legs.thickness, side / 2, 'half the side of the seat');
  if (legs.kind === 'straight' && legs.stretchers !== undefined) {
    if (legs.count === 3)
      throw new NetSpaceError('INVALID_OPTION', `${call}: expected four legs beside legs.stretchers, got 3; leave these out`);
    atMost('legs.stretchers.height', legs.stretchers.height, under, 'the height of the legs');
    atMost('legs.stretchers.thickness', legs.stretchers.thickness, legs.thickness, 'the thickness of the legs');
  }
  if (back !== undefined) {
    atMost('back.thickness', back.thickness, side / 2, 'half the side of the seat');
    atMost('back.curve', back.curve, side / 2, 'half the side of the seat');
    if (back.kind === 'slats') atMost('back.width', back.width, side, 'the side of the seat');
    if (back.kind === 'ladder') atMost('back.width', back.width, back.height, 'the height of the back');
  }
  if (arms !== undefined) atMost('arms.thickness', arms.thickness, side / 2, 'half the side of the seat');
  return whole;
}
