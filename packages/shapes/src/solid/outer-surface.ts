import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import { windingNumbers } from '../distance/winding-numbers.js';
import { weldVertices } from '../read/weld-vertices.js';
import { neighborsOf } from './face-patches.js';
import { crossingTriangles } from './crossing-triangles.js';
import { area, clip, cuttingPlanes, type Polygon } from './cut-triangle.js';
import { WorkBudget } from './work-budget.js';

/**
 * The part of an oriented surface that bounds the solid, without faces inside another part. If parts cross, triangles are cut along each
 * other's planes. Each piece then lies inside or outside as a whole.
 *
 * @param mesh faces outwards, as `orientFaces` makes it
 * @param budget steps that may be taken
 * @returns the same object if no face lies inside; else triangles that need not share vertices
 * @throws NetSpaceError `LIMIT_EXCEEDED` if more triangles cross than can be looked at
 */
export function outerSurface(mesh: TriangleMesh, budget = new WorkBudget()): TriangleMesh {
  const crossings = crossingTriangles(mesh, budget);
  const regions = uncutRegions(mesh, crossings);
  const size = diagonal(mesh);
  const whole = regions.map((triangles) => largest(triangles.map((t) => trianglePolygon(mesh, t))));
  const cut = [...crossings].map(([t, others]) => ({ t, pieces: piecesOf(mesh, t, others, size, budget) }));
  const candidates = [...whole, ...cut.flatMap(({ pieces }) => pieces)];
  budget.spend((2 * candidates.length * mesh.indices.length) / 3);
  const hidden = insideOnBothSides(mesh, candidates, size);
  if (!hidden.includes(true)) return mesh;

  const corners: number[] = [];
  const add = (polygon: Polygon): void => {
    for (let k = 2; k < polygon.length; k++) corners.push(...polygon[0]!, ...polygon[k - 1]!, ...polygon[k]!);
  };
  regions.forEach((triangles, i) => {
    if (!hidden[i]) for (const t of triangles) add(trianglePolygon(mesh, t));
  });
  let at = regions.length;
  for (const { t, pieces } of cut) {
    const shown = pieces.filter(() => !hidden[at++]);
    if (shown.length === pieces.length) add(trianglePolygon(mesh, t));
    else shown.forEach(add);
  }
  if (corners.length === 0) return mesh;
  return { positions: Float32Array.from(corners), indices: Uint32Array.from({ length: corners.length / 3 }, (_, i) => i) };
}

/** The polygon with the largest area, which is the safest to test. */
const largest = (polygons: readonly Polygon[]): Polygon =>
  polygons.reduce((best, polygon) => (area(polygon) > area(best) ? polygon : best));

const trianglePolygon = ({ positions, indices }: TriangleMesh, t: number): Polygon =>
  [0, 1, 2].map((k) => {
    const at = 3 * indices[3 * t + k]!;
    return [positions[at]!, positions[at + 1]!, positions[at + 2]!] as const;
  });

function piecesOf(mesh: TriangleMesh, t: number, others: readonly number[], size: number, budget: WorkBudget): Polygon[] {
  const triangle = trianglePolygon(mesh, t);
  let pieces: Polygon[] = [triangle];
  for (const other of others) {
    for (const plane of cuttingPlanes(triangle, trianglePolygon(mesh, other), size)) {
      budget.spend(50 * pieces.length);
      pieces = pieces.flatMap((piece) => clip(piece, plane, size));
      if (pieces.length > MOST_PIECES) return [triangle]; // a knot of triangles: taken as a whole
    }
  }
  return pieces.filter((piece) => area(piece) > SLIVER * size * size);
}

const MOST_PIECES = 512;

/** Area, in squared diagonals, below which float32 cannot tell the two sides of a triangle. */
const SLIVER = 1e-10;

/** Whether the solid is on both sides of each polygon, at its middle. */
function insideOnBothSides(mesh: TriangleMesh, polygons: readonly Polygon[], size: number): boolean[] {
  const points = new Float32Array(6 * polygons.length);
  polygons.forEach((polygon, i) => {
    const middle = [0, 1, 2].map((axis) => polygon.reduce((sum, corner) => sum + corner[axis]!, 0) / polygon.length);
    const normal = unitNormal(polygon);
    for (let axis = 0; axis < 3; axis++) {
      points[6 * i + axis] = middle[axis]! + STEP * size * normal[axis]!;
      points[6 * i + 3 + axis] = middle[axis]! - STEP * size * normal[axis]!;
    }
  });
  const numbers = windingNumbers(mesh, points);
  return polygons.map((polygon, i) => numbers[2 * i]! > 0.5 && numbers[2 * i + 1]! > 0.5 && area(polygon) > SLIVER * size * size);
}

/** The distance from a face at which its two sides are tested, in diagonals. It is above float32's rounding of places. */
const STEP = 1e-5;

function unitNormal(polygon: Polygon): readonly number[] {
  const [o] = polygon;
  const normal = [0, 0, 0];
  for (let k = 2; k < polygon.length; k++) {
    const u = polygon[k - 1]!.map((x, axis) => x - o![axis]!);
    const v = polygon[k]!.map((x, axis) => x - o![axis]!);
    for (let axis = 0; axis < 3; axis++) {
      const [i, j] = [(axis + 1) % 3, (axis + 2) % 3];
      normal[axis]! += u[i]! * v[j]! - u[j]! * v[i]!;
    }
  }
  const length = Math.hypot(...normal) || 1;
  return normal.map((x) => x / length);
}

/** Triangles that touch nothing and are connected by edges of two triangles. They are inside or outside together. */
function uncutRegions(mesh: TriangleMesh, crossings: ReadonlyMap<number, unknown>): number[][] {
  const { representative } = weldVertices(mesh.positions);
  const neighbors = neighborsOf(mesh, representative);
  const seen = new Uint8Array(mesh.indices.length / 3);
  const regions: number[][] = [];
  for (let first = 0; first < seen.length; first++) {
    if (seen[first] === 1 || crossings.has(first)) continue;
    seen[first] = 1;
    const region = [first];
    for (let next = 0; next < region.length; next++) {
      for (let side = 3 * region[next]!; side < 3 * region[next]! + 3; side++) {
        const other = neighbors[side]! >> 1; // −1 for none
        if (other < 0 || seen[other] === 1 || crossings.has(other)) continue;
        seen[other] = 1;
        region.push(other);
      }
    }
    regions.push(region);
  }
  return regions;
}

function diagonal({ positions, indices }: TriangleMesh): number {
  const [low, high] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity],
  ];
  for (const index of indices) {
    for (let axis = 0; axis < 3; axis++) {
      low![axis] = Math.min(low![axis]!, positions[3 * index + axis]!);
      high![axis] = Math.max(high![axis]!, positions[3 * index + axis]!);
    }
  }
  return Math.hypot(...high!.map((x, axis) => x - low![axis]!));
}
