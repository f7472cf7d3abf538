import type { Triple } from '../mesh/triangle-mesh.js';
import type { WholeDesign } from './seat-design.js';
import { ellipse, profile, rectangle, type Solids } from './solids.js';

/** Where parts are fixed to the seat: the rectangle that lies within its outline, and heights. */
export interface Frame {
  /** Half of the rectangle's sides along x and z. */
  readonly x: number;
  readonly z: number;
  /** Upper and lower side of the seat. */
  readonly top: number;
  readonly under: number;
  /** Inside the seat, where parts that meet it end. */
  readonly middle: number;
}

type Legs<Kind> = Extract<WholeDesign['legs'], { readonly kind: Kind }>;

/** The frame of a design. */
export function frameOf({ seat }: WholeDesign): Frame {
  const inner = seat.outline === 'round' ? Math.SQRT1_2 : 1;
  const under = seat.height - seat.thickness;
  return { x: (inner * seat.width) / 2, z: (inner * seat.depth) / 2, top: seat.height, under, middle: (seat.height + under) / 2 };
}

/** Corners of a round seat. */
const ROUND = 32;

/** Adds the seat. */
export function addSeat(solids: Solids, { seat }: WholeDesign): void {
  const { outline, width, depth, thickness, height } = seat;
  solids.thin(Math.min(thickness, width, depth));
  const shape = outline === 'round' ? ellipse(width, depth, ROUND) : rectangle(width, depth);
  solids.upright(shape, [0, height - thickness, 0], [0, height, 0]);
}

/** Adds what the seat stands on. */
export function addLegs(solids: Solids, design: WholeDesign): void {
  const frame = frameOf(design);
  const { legs } = design;
  switch (legs.kind) {
    case 'straight':
      addStraight(solids, frame, legs);
      break;
    case 'pedestal':
      addPedestal(solids, frame, legs);
      break;
    case 'block':
      solids.box([0, frame.middle / 2, 0], [2 * (frame.x - legs.inset), frame.middle, 2 * (frame.z - legs.inset)]);
      break;
    case 'walls':
    case 'sled':
      for (const side of [-1, 1]) addSide(solids, frame, legs, side * (frame.x - legs.thickness / 2));
  }
}

/** Adds a wall, or two uprights on a runner, at some x. */
function addSide(solids: Solids, frame: Frame, { kind, thickness }: Legs<'walls' | 'sled'>, x: number): void {
  if (kind === 'walls') {
    solids.box([x, frame.middle / 2, 0], [thickness, frame.middle, 2 * frame.z]);
    return;
  }
  const z = frame.z - thickness / 2;
  for (const end of [-z, z]) solids.box([x, frame.middle / 2, end], [thickness, frame.middle, thickness]);
  solids.box([x, thickness / 2, 0], [thickness, thickness, 2 * frame.z]);
}

function addStraight(solids: Solids, frame: Frame, { count, thickness, round, splay, taper, stretchers }: Legs<'straight'>): void {
  solids.thin(thickness * Math.min(1, taper));
  const [x, z] = [frame.x - thickness / 2, frame.z - thickness / 2];
  const corners: readonly (readonly [number, number])[] =
    count === 4 ? [[-1, -1], [1, -1], [1, 1], [-1, 1]] : [[0, -1], [0.87, 0.5], [-0.87, 0.5]]; // prettier-ignore
  /** The middle of a leg at some height. */
  const at = ([i, k]: readonly [number, number], y: number): Triple => {
    const out = splay * (1 - y / frame.middle);
    return [i * (x + out), y, k * (z + out)];
  };
  for (const corner of corners) {
    solids.upright(profile(thickness * taper, round), at(corner, 0), at(corner, frame.middle), 1 / taper);
  }
  if (stretchers === undefined) return;
  const { form, height, thickness: bar } = stretchers;
  solids.thin(bar);
  const places = corners.map((corner) => at(corner, height - bar / 2));
  const [backLeft, backRight, frontRight, frontLeft] = places as [Triple, Triple, Triple, Triple];
  solids.bar(backLeft, frontLeft, bar);
  solids.bar(backRight, frontRight, bar);
  if (form === 'h') {
    solids.bar([backLeft[0], height - bar / 2, 0], [backRight[0], height - bar / 2, 0], bar);
  } else {
    solids.bar(backLeft, backRight, bar);
    solids.bar(frontLeft, frontRight, bar);
  }
}

function addPedestal(solids: Solids, frame: Frame, { thickness, footRadius, spokes }: Legs<'pedestal'>): void {
  solids.thin(thickness);
  solids.upright(profile(thickness, true), [0, 0, 0], [0, frame.middle, 0]);
  const foot = Math.min(thickness, frame.under / 2) / 2;
  for (let i = 0; i < spokes; i++) {
    const angle = (2 * Math.PI * (i + 0.5)) / spokes + Math.PI / 2;
    solids.bar([0, foot / 2, 0], [footRadius * Math.cos(angle), foot / 2, footRadius * Math.sin(angle)], foot);
  }
  if (spokes > 0) return;
  solids.thin(foot);
  solids.upright(ellipse(2 * footRadius, 2 * footRadius, ROUND), [0, 0, 0], [0, foot, 0]);
}
