import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import { windingNumbers } from '../distance/winding-numbers.js';
import { weldVertices } from '../read/weld-vertices.js';
import { facePatches, type Patch } from './face-patches.js';
import { withoutDoubles } from './without-doubles.js';

/**
 * The same surface with every face turned outwards. Faces that are there twice are kept once, neighbors get the same orientation, and parts
 * that are inside out are turned over, except for cavities within another part.
 *
 * A mesh that needs no change is returned as the same object.
 */
export function orientFaces(mesh: TriangleMesh): TriangleMesh {
  const { representative } = weldVertices(mesh.positions);
  const single = withoutDoubles(mesh, representative);
  const { patches, flipped } = facePatches(single, representative);
  const agreed = turnOver(single, flipped);
  return turnOver(agreed, insideOut(agreed, patches));
}

/** The mesh with some triangles turned over; the same object if there are none to turn. */
function turnOver(mesh: TriangleMesh, which: Uint8Array): TriangleMesh {
  if (!which.includes(1)) return mesh;
  const indices = mesh.indices.slice();
  which.forEach((turn, t) => {
    if (turn === 1) [indices[3 * t + 1], indices[3 * t + 2]] = [indices[3 * t + 2]!, indices[3 * t + 1]!];
  });
  return { positions: mesh.positions, indices };
}

/**
 * The triangles of parts that enclose a negative volume and lie in no other part; all triangles if there is no other outermost part.
 * Within another part a negative volume is a cavity.
 */
function insideOut(mesh: TriangleMesh, patches: readonly Patch[]): Uint8Array {
  const turned = new Uint8Array(mesh.indices.length / 3);
  const solids = joinFlatPatches(mesh, patches);
  if (solids.every(({ volume }) => volume > 0)) return turned;
  const roots = solids.filter((solid) => !solids.some((other) => other !== solid && encloses(mesh, other, solid)));
  const allInverted = roots.every(({ volume }) => volume < 0);
  for (const solid of allInverted ? solids : roots.filter(({ volume }) => volume < 0)) for (const t of solid.triangles) turned[t] = 1;
  return turned;
}

interface Solid extends Patch {
  /** The volume that the faces enclose; negative if they face inwards. */
  readonly volume: number;
}

/** Patches without a volume of their own, such as the sides of a box that share no vertex, count as one part. */
function joinFlatPatches(mesh: TriangleMesh, patches: readonly Patch[]): Solid[] {
  const flat: number[] = [];
  const solids: Solid[] = [];
  const add = (triangles: readonly number[]): boolean => {
    const volume = enclosedVolume(mesh, triangles);
    const counts = Math.abs(volume) > 1e-6 * boxVolume(mesh, triangles);
    if (counts) solids.push({ triangles, volume });
    return counts;
  };
  for (const { triangles } of patches) if (!add(triangles)) for (const t of triangles) flat.push(t);
  add(flat);
  return solids;
}

/** Σ a · (b × c) / 6 from the middle of the triangles' corners, so that holes matter little. */
function enclosedVolume({ positions, indices }: TriangleMesh, triangles: readonly number[]): number {
  const middle = [0, 0, 0];
  for (const t of triangles) {
    for (let k = 0; k < 3; k++) {
      for (let axis = 0; axis < 3; axis++) middle[axis]! += positions[3 * indices[3 * t + k]! + axis]! / (3 * triangles.length);
    }
  }
  let sum = 0;
  for (const t of triangles) {
    const corner = (k: number, axis: number): number => positions[3 * indices[3 * t + k]! + axis]! - middle[axis]!;
    const [ax, ay, az, bx, by, bz] = [corner(0, 0), corner(0, 1), corner(0, 2), corner(1, 0), corner(1, 1), corner(1, 2)];
    const [cx, cy, cz] = [corner(2, 0), corner(2, 1), corner(2, 2)];
    sum += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return sum / 6;
}

function box({ positions, indices }: TriangleMesh, triangles: readonly number[]): { low: number[]; high: number[] } {
  const [low, high] = [Array<number>(3).fill(Infinity), Array<number>(3).fill(-Infinity)];
  for (const t of triangles) {
    for (let k = 0; k < 9; k++) {
      const x = positions[3 * indices[3 * t + Math.floor(k / 3)]! + (k % 3)]!;
      low[k % 3] = Math.min(low[k % 3]!, x);
      high[k % 3] = Math.max(high[k % 3]!, x);
    }
  }
  return { low, high };
}

function boxVolume(mesh: TriangleMesh, triangles: readonly number[]): number {
  const { low, high } = box(mesh, triangles);
  return triangles.length === 0 ? 0 : low.reduce((product, x, axis) => product * (high[axis]! - x), 1);
}

/** Whether a part lies within another: its box within the other's, and its corners within the other's surface. */
function encloses(mesh: TriangleMesh, outer: Solid, inner: Solid): boolean {
  if (Math.abs(outer.volume) <= Math.abs(inner.volume)) return false;
  const [a, b] = [box(mesh, outer.triangles), box(mesh, inner.triangles)];
  if (!a.low.every((x, axis) => x <= b.low[axis]! && a.high[axis]! >= b.high[axis]!)) return false;
  const corners = evenly(inner.triangles, 8).map((t) => mesh.indices[3 * t]!);
  const points = Float32Array.from(corners.flatMap((corner) => [...mesh.positions.subarray(3 * corner, 3 * corner + 3)]));
  const part = {
    positions: mesh.positions,
    indices: Uint32Array.from(outer.triangles.flatMap((t) => [...mesh.indices.subarray(3 * t, 3 * t + 3)])),
  };
  return windingNumbers(part, points).every((number) => Math.abs(number) > 0.5);
}

const evenly = (list: readonly number[], count: number): number[] =>
  list.length <= count ? [...list] : Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]!);
