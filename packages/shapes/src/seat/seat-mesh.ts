import { NetSpaceError } from '@netspace/prep';
import type { Manifold } from 'manifold-3d';

import { meshPlausibility, type MeshPlausibility } from '../measure/mesh-plausibility.js';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import { loadManifold } from '../surface/load-manifold.js';
import { meshOf } from '../surface/mesh-of.js';
import { addBack } from './seat-back.js';
import { addLegs, addSeat, frameOf } from './seat-base.js';
import { checkedDesign, type SeatDesign, type WholeDesign } from './seat-design.js';
import { type Solids, solids } from './solids.js';

/** A seat as a mesh. */
export interface SeatMesh extends TriangleMesh, MeshPlausibility {
  /** Unit of the mesh in units of the design: a length of the design times `scale` is one of the mesh. */
  readonly scale: number;
  /** The least thickness of a part, in units of the mesh: networks of shapes lose what is thinner than their samples are dense. */
  readonly thinnest: number;
}

/**
 * Makes a seat by rule: plate, legs, back and arms are united into one solid, moved so that its bounding box is about the origin, and scaled
 * so that the diagonal of the box is 1. y is up and the front looks along −z.
 *
 * @returns the mesh with its volume, parts and closedness, as `meshPlausibility` gives them: closed and of one part
 * @throws NetSpaceError `INVALID_OPTION` if the design has lengths that are not positive or parts that do not fit into each other, or if its
 *   parts do not touch; `UNAVAILABLE` if WebAssembly does not start
 * @see https://github.com/elalish/manifold
 * @example
 * ```ts
 * import { seatMesh } from '@netspace/shapes';
 *
 * const { volume, scale, components, closed } = await seatMesh({
 *   seat: { width: 0.4, depth: 0.4, thickness: 0.04, height: 0.45 },
 *   legs: { kind: 'straight', thickness: 0.05 },
 * });
 * const meters = 0.4 * 0.4 * 0.04 + 4 * 0.05 * 0.05 * 0.41; // a plate and four legs
 * console.log((volume / scale ** 3 / meters).toFixed(3), components, closed); // 1.000 1 true
 * ```
 */
export async function seatMesh(design: SeatDesign): Promise<SeatMesh> {
  const whole = checkedDesign('seatMesh', design);
  const parts = solids(await loadManifold());
  let made: Manifold | undefined;
  let fitted: Manifold | undefined;
  try {
    addSeat(parts, whole);
    addLegs(parts, whole);
    addBack(parts, whole);
    addArms(parts, whole);
    made = parts.union();
    const { min, max } = made.boundingBox();
    const scale = 1 / Math.hypot(...max.map((high, axis) => high - min[axis]!));
    const [x, y, z] = max.map((high, axis) => (scale * (high + min[axis]!)) / 2) as [number, number, number];
    fitted = made.transform([-scale, 0, 0, 0, 0, scale, 0, 0, 0, 0, -scale, 0, x, -y, z, 1]); // turned: parts are made with the front along z
    const mesh = meshOf(fitted);
    const facts = meshPlausibility(mesh);
    if (facts.components !== 1) {
      throw new NetSpaceError('INVALID_OPTION', `seatMesh: expected parts that touch, got ${facts.components} pieces; make parts thicker`);
    }
    return { ...mesh, ...facts, scale, thinnest: scale * parts.thinnest() };
  } finally {
    parts.delete();
    made?.delete();
    fitted?.delete();
  }
}

/** Adds the arms, if there are any: walls on the seat, or bars on two posts each. */
function addArms(parts: Solids, design: WholeDesign): void {
  const { arms } = design;
  if (arms === undefined) return;
  const frame = frameOf(design);
  const { thickness, height, reach } = arms;
  const [x, top] = [frame.x - thickness / 2, frame.top + height];
  const [rear, front] = [-frame.z, -frame.z + 2 * frame.z * reach];
  for (const side of [-x, x]) {
    const between = [side, (frame.middle + top) / 2] as const;
    if (arms.kind === 'walls') {
      parts.box([...between, (rear + front) / 2], [thickness, top - frame.middle, front - rear]);
      continue;
    }
    for (const end of [rear + thickness / 2, front - thickness / 2])
      parts.box([...between, end], [thickness, top - frame.middle, thickness]);
    parts.box([side, top - thickness / 2, (rear + front) / 2], [thickness, thickness, front - rear]);
  }
}
