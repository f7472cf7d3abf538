import type { TriangleMesh } from '../mesh/triangle-mesh.js';

/** Triangles that are connected by edges of exactly two triangles. */
export interface Patch {
  readonly triangles: readonly number[];
}

/**
 * Parts a mesh into patches, and finds which triangles to turn over so that neighbors in a patch run the same way around. The smaller area
 * of a patch is turned. Nothing is turned if this is impossible (a Möbius strip).
 *
 * If every edge is already crossed equally often in both directions, patches that meet in an edge of four or more triangles are one.
 *
 * @param representative one vertex for all at a place, `[vertices]`
 * @returns the patches, and 1 for each triangle to turn, `[triangles]`
 */
export function facePatches(
  mesh: TriangleMesh,
  representative: Uint32Array,
): { readonly patches: readonly Patch[]; readonly flipped: Uint8Array } {
  const count = mesh.indices.length / 3;
  const neighbors = neighborsOf(mesh, representative);
  const flipped = new Uint8Array(count);
  const seen = new Uint8Array(count);
  const patches: Patch[] = [];
  for (let first = 0; first < count; first++) {
    if (seen[first] === 1) continue;
    seen[first] = 1;
    const triangles = [first];
    let orientable = true;
    for (let next = 0; next < triangles.length; next++) {
      const t = triangles[next]!;
      for (let side = 3 * t; side < 3 * t + 3; side++) {
        const link = neighbors[side]!;
        if (link === NONE) continue;
        const [other, same] = [link >> 1, link & 1];
        if (seen[other] === 0) {
          seen[other] = 1;
          flipped[other] = flipped[t]! ^ same;
          triangles.push(other);
        } else if (flipped[other] !== (flipped[t]! ^ same)) orientable = false;
      }
    }
    settle(mesh, triangles, flipped, orientable);
    patches.push({ triangles });
  }
  const joined = !flipped.includes(1) && isBalanced(mesh, representative) ? joinAtEdges(mesh, representative, patches) : patches;
  return { patches: joined, flipped };
}

/** Whether each edge is crossed equally often in both directions. */
function isBalanced({ indices }: TriangleMesh, representative: Uint32Array): boolean {
  const crossings = new Map<number, number>();
  for (let side = 0; side < indices.length; side++) {
    const [from, to] = sideEnds(indices, representative, side);
    const key = edgeKey(from, to, representative.length);
    crossings.set(key, (crossings.get(key) ?? 0) + Math.sign(to - from));
  }
  return [...crossings.values()].every((balance) => balance === 0);
}

function joinAtEdges({ indices }: TriangleMesh, representative: Uint32Array, patches: readonly Patch[]): Patch[] {
  const patchOf = new Uint32Array(indices.length / 3);
  patches.forEach(({ triangles }, patch) => triangles.forEach((t) => (patchOf[t] = patch)));
  const parent = patches.map((_, patch) => patch);
  const root = (patch: number): number => (parent[patch] === patch ? patch : (parent[patch] = root(parent[patch]!)));
  const first = new Map<number, number>();
  for (let side = 0; side < indices.length; side++) {
    const [from, to] = sideEnds(indices, representative, side);
    const key = edgeKey(from, to, representative.length);
    const patch = patchOf[Math.floor(side / 3)]!;
    const other = first.get(key);
    if (other === undefined) first.set(key, patch);
    else parent[root(patch)] = root(other);
  }
  const joined = new Map<number, number[]>();
  patches.forEach(({ triangles }, patch) => {
    const all = joined.get(root(patch));
    if (all === undefined) joined.set(root(patch), [...triangles]);
    else for (const t of triangles) all.push(t);
  });
  return [...joined.values()].map((triangles) => ({ triangles }));
}

function sideEnds(indices: Uint32Array, representative: Uint32Array, side: number): [from: number, to: number] {
  const t = side - (side % 3);
  return [representative[indices[side]!]!, representative[indices[t + ((side + 1) % 3)]!]!];
}

const edgeKey = (from: number, to: number, vertices: number): number => Math.min(from, to) * vertices + Math.max(from, to);

/** Keeps the orientation of most of a patch's area. */
function settle(mesh: TriangleMesh, triangles: readonly number[], flipped: Uint8Array, orientable: boolean): void {
  if (!triangles.some((t) => flipped[t] === 1)) return;
  if (!orientable) {
    for (const t of triangles) flipped[t] = 0;
    return;
  }
  const balance = triangles.reduce((sum, t) => sum + (flipped[t] === 1 ? -1 : 1) * area(mesh, t), 0);
  if (balance < 0) for (const t of triangles) flipped[t]! ^= 1;
}

const NONE = -1;

/**
 * The triangle across each side that has exactly two, times 2, plus 1 if both run along it the same way; −1 for none: `[triangles · 3]`.
 */
export function neighborsOf({ indices }: TriangleMesh, representative: Uint32Array): Int32Array {
  const vertices = representative.length;
  const sides = new Map<number, number>(); // the first side of an edge; −1 once there are three
  const partner = new Int32Array(indices.length).fill(NONE);
  const ends = (side: number): [number, number] => sideEnds(indices, representative, side);
  for (let side = 0; side < indices.length; side++) {
    const [from, to] = ends(side);
    if (from === to) continue;
    const key = edgeKey(from, to, vertices);
    const first = sides.get(key);
    if (first === undefined) sides.set(key, side);
    else if (first >= 0 && partner[first] === NONE) {
      partner[first] = side;
      partner[side] = first;
    } else if (first >= 0) {
      partner[partner[first]!] = NONE;
      partner[first] = NONE;
      sides.set(key, -1);
    }
  }
  return partner.map((other, side) => (other === NONE ? NONE : 2 * Math.floor(other / 3) + (ends(other)[0] === ends(side)[0] ? 1 : 0)));
}

function area({ positions, indices }: TriangleMesh, t: number): number {
  const at = (k: number, axis: number): number => positions[3 * indices[3 * t + k]! + axis]! - positions[3 * indices[3 * t]! + axis]!;
  const [ux, uy, uz, vx, vy, vz] = [at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)];
  return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}
