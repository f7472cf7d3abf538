import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import { WorkBudget } from './work-budget.js';
import { weldVertices } from '../read/weld-vertices.js';

/**
 * Finds the triangles that touch others which are not their neighbors (which share no corner with them), and those that they cross. Only
 * there can a triangle be cut into an inner and an outer piece.
 *
 * @param budget steps that may be taken
 * @returns for each triangle that touches another, the triangles that it crosses or overlaps in one plane
 */
export function crossingTriangles({ positions, indices }: TriangleMesh, budget = new WorkBudget()): ReadonlyMap<number, readonly number[]> {
  const { representative } = weldVertices(positions);
  const count = indices.length / 3;
  const low = new Float64Array(3 * count).fill(Infinity);
  const high = new Float64Array(3 * count).fill(-Infinity);
  let reach = 0;
  for (let i = 0; i < indices.length; i++) {
    for (let axis = 0; axis < 3; axis++) {
      const x = positions[3 * indices[i]! + axis]!;
      const at = 3 * Math.floor(i / 3) + axis;
      if (x < low[at]!) low[at] = x;
      if (x > high[at]!) high[at] = x;
      reach = Math.max(reach, Math.abs(x));
    }
  }
  const slack = 1e-6 * reach;
  const sweep = sweepAxis(low, high, count);
  const order = Uint32Array.from({ length: count }, (_, t) => t).sort((a, b) => low[3 * a + sweep]! - low[3 * b + sweep]!);
  const [j, k] = [(sweep + 1) % 3, (sweep + 2) % 3];
  const crossings = new Map<number, number[]>();
  const note = (t: number, other: number, crosses: boolean): void => {
    const others = crossings.get(t) ?? [];
    if (crosses) others.push(other);
    crossings.set(t, others);
  };
  const corners = (t: number): Vector[] =>
    [0, 1, 2].map((corner) => {
      const from = 3 * indices[3 * t + corner]!;
      return [positions[from]!, positions[from + 1]!, positions[from + 2]!];
    });
  for (let at = 0; at < count; at++) {
    const t = order[at]!;
    const end = high[3 * t + sweep]! + slack;
    for (let next = at + 1; next < count && low[3 * order[next]! + sweep]! <= end; next++) {
      const other = order[next]!;
      budget.spend(1);
      if (low[3 * t + j]! > high[3 * other + j]! + slack || low[3 * other + j]! > high[3 * t + j]! + slack) continue;
      if (low[3 * t + k]! > high[3 * other + k]! + slack || low[3 * other + k]! > high[3 * t + k]! + slack) continue;
      if (shareCorner(indices, representative, t, other)) continue;
      budget.spend(300);
      const distance = gap(corners(t), corners(other), slack);
      if (distance > slack) continue;
      note(t, other, distance < -slack);
      note(other, t, distance < -slack);
    }
  }
  return crossings;
}

/** The axis along which triangles overlap least: the sum of their sides over the length of the whole. */
function sweepAxis(low: Float64Array, high: Float64Array, count: number): number {
  const share = [0, 1, 2].map((axis) => {
    let [sum, from, to] = [0, Infinity, -Infinity];
    for (let t = 0; t < count; t++) {
      sum += high[3 * t + axis]! - low[3 * t + axis]!;
      from = Math.min(from, low[3 * t + axis]!);
      to = Math.max(to, high[3 * t + axis]!);
    }
    return to > from ? sum / (to - from) : Infinity;
  });
  return share.indexOf(Math.min(...share));
}

function shareCorner(indices: Uint32Array, representative: Uint32Array, t: number, other: number): boolean {
  for (let a = 3 * t; a < 3 * t + 3; a++) {
    for (let b = 3 * other; b < 3 * other + 3; b++) if (representative[indices[a]!] === representative[indices[b]!]) return true;
  }
  return false;
}

type Vector = [x: number, y: number, z: number];

/**
 * The distance of two triangles along the direction that separates them best, negative if no direction does (the separating axis theorem).
 * If both lie in one plane, directions within the plane count.
 */
function gap(a: readonly Vector[], b: readonly Vector[], slack: number): number {
  const [sidesA, sidesB] = [sides(a), sides(b)];
  const [normalA, normalB] = [cross(sidesA[0]!, sidesA[1]!), cross(sidesB[0]!, sidesB[1]!)];
  const inOnePlane = extent(normalA, a, b).every((x) => Math.abs(x) <= slack) && extent(normalB, a, b).every((x) => Math.abs(x) <= slack);
  const axes = inOnePlane
    ? [...sidesA.map((side) => cross(side, normalA)), ...sidesB.map((side) => cross(side, normalB))]
    : [normalA, normalB, ...sidesA.flatMap((side) => sidesB.map((other) => cross(side, other)))];
  let widest = -Infinity;
  for (const axis of axes) {
    const length = Math.hypot(axis[0], axis[1], axis[2]);
    if (length < 1e-12) continue; // sides that run the same way
    const [lowA, highA, lowB, highB] = spans(axis, a, b);
    widest = Math.max(widest, (lowB - highA) / length, (lowA - highB) / length);
    if (widest > slack) return widest;
  }
  return widest;
}

const sides = ([p, q, r]: readonly Vector[]): Vector[] => [minus(q!, p!), minus(r!, q!), minus(p!, r!)];
const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** The lowest and the highest place of each triangle along an axis. */
function spans(axis: Vector, a: readonly Vector[], b: readonly Vector[]): [number, number, number, number] {
  const [onA, onB] = [a.map((corner) => dot(axis, corner)), b.map((corner) => dot(axis, corner))];
  return [Math.min(...onA), Math.max(...onA), Math.min(...onB), Math.max(...onB)];
}

/** Heights of all corners along a normal, relative to the first corner. */
function extent(normal: Vector, a: readonly Vector[], b: readonly Vector[]): number[] {
  const length = Math.hypot(normal[0], normal[1], normal[2]);
  if (length === 0) return [0];
  return [...a, ...b].map((corner) => dot(normal, minus(corner, a[0]!)) / length);
}
