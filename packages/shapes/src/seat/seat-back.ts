import type { Triple } from '../mesh/triangle-mesh.js';
import { frameOf } from './seat-base.js';
import type { WholeDesign } from './seat-design.js';
import { bulge, profile, rectangle, type Solids, strip } from './solids.js';

type Back = NonNullable<WholeDesign['back']>;

/** Adds the back, if there is one. */
export function addBack(solids: Solids, design: WholeDesign): void {
  const { back } = design;
  if (back === undefined) return;
  const frame = frameOf(design);
  const { thickness, height, tilt, curve } = back;
  solids.thin(thickness);
  const width = 2 * frame.x;
  const rear = thickness / 2 - frame.z + curve; // z of its sides at the foot: its middle stands at the edge of the seat
  const foot = frame.middle;
  const top = frame.top + height;
  /** z of the middle at some height, at the sides: the foot stands on the seat. */
  const z = (y: number): number => rear - tilt * Math.max(0, y - frame.top);
  /** A part that is as wide as the back, from one height to another. */
  const across = (from: number, to: number): void => {
    const outline = strip(width, thickness, curve);
    if (from < frame.top) solids.upright(outline, [0, from, rear], [0, frame.top, rear]);
    const start = Math.max(from, frame.top);
    solids.upright(outline, [0, start, z(start)], [0, to, z(to)]);
  };
  if (back.kind === 'panel') {
    across(foot, top);
    return;
  }
  const x = frame.x - thickness / 2;
  const outline = rectangle(thickness, thickness);
  for (const side of [-x, x]) {
    solids.upright(outline, [side, foot, rear], [side, frame.top, rear]);
    solids.upright(outline, [side, frame.top, rear], [side, top, z(top)]);
  }
  if (back.kind === 'slats') {
    addSlats(solids, back, { width, foot: frame.top, under: foot, top, z, across });
    return;
  }
  const gap = height / back.count;
  const rail = Math.min(back.width, gap);
  solids.thin(rail);
  for (let i = 1; i <= back.count; i++) across(frame.top + i * gap - rail, frame.top + i * gap);
}

interface Between {
  readonly width: number;
  readonly foot: number;
  readonly under: number;
  readonly top: number;
  readonly z: (y: number) => number;
  readonly across: (from: number, to: number) => void;
}

function addSlats(solids: Solids, back: Extract<Back, { readonly kind: 'slats' }>, { width, foot, under, top, z, across }: Between): void {
  const { count, thickness, round, curve } = back;
  const inner = width - 2 * thickness;
  const slat = Math.min(back.width, (0.9 * inner) / count);
  const deep = round ? slat : Math.min(slat, thickness / 2);
  solids.thin(deep);
  const rail = Math.min(2 * thickness, back.height / 3);
  across(top - rail, top);
  for (let i = 0; i < count; i++) {
    const x = inner * ((i + 0.5) / count - 0.5);
    const outline = round ? profile(slat, true) : rectangle(slat, deep);
    const at = (y: number): Triple => [x, y, z(y) - bulge(x, width, curve)];
    solids.upright(outline, at(under), at(foot));
    solids.upright(outline, at(foot), at(top - rail / 2));
  }
}
