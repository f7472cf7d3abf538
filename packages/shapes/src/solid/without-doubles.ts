import type { TriangleMesh } from '../mesh/triangle-mesh.js';

/**
 * The mesh without repeated faces: a face that is there several times, over the same corners, is kept once. If a face is there in both
 * orientations, and keeping it would leave its edges with an odd number of faces, it is a wall between two parts of a solid. Both copies
 * are then left out.
 *
 * @param representative one vertex for all at a place, `[vertices]`
 * @returns the same object if no face is there twice
 */
export function withoutDoubles(mesh: TriangleMesh, representative: Uint32Array): TriangleMesh {
  const { indices } = mesh;
  const groups = new Map<string, number[]>();
  const keyOf = (t: number): string =>
    [0, 1, 2]
      .map((k) => representative[indices[3 * t + k]!]!)
      .sort((a, b) => a - b)
      .join(' ');
  for (let t = 0; t < indices.length / 3; t++) {
    const key = keyOf(t);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [t]);
    else group.push(t);
  }
  if (groups.size === indices.length / 3) return mesh;

  const all = [...groups.values()];
  const walls = wallsAmong(all, indices, representative);
  const kept = all.filter((_, i) => walls[i] === 0).map(([first]) => first!);
  const shown = kept.length > 0 ? kept : all.map(([first]) => first!); // a sheet with two sides has no other face
  shown.sort((a, b) => a - b);
  return { positions: mesh.positions, indices: Uint32Array.from(shown.flatMap((t) => [...indices.subarray(3 * t, 3 * t + 3)])) };
}

/** 1 for each group of faces that is a wall: equally many faces in both orientations, at an edge with an odd number of groups. */
function wallsAmong(groups: readonly (readonly number[])[], indices: Uint32Array, representative: Uint32Array): Uint8Array {
  const corners = (t: number): [number, number, number] => [
    representative[indices[3 * t]!]!,
    representative[indices[3 * t + 1]!]!,
    representative[indices[3 * t + 2]!]!,
  ];
  const edges = (t: number): number[] => {
    const [a, b, c] = corners(t);
    return [edge(a, b), edge(b, c), edge(c, a)];
  };
  const edge = (a: number, b: number): number => Math.min(a, b) * representative.length + Math.max(a, b);
  const balanced = groups.map((group) => group.length > 1 && group.reduce((sum, t) => sum + wayAround(corners(t)), 0) === 0);
  const around = new Map<number, number[]>();
  groups.forEach(([first], i) => {
    for (const key of edges(first!)) around.set(key, [...(around.get(key) ?? []), i]);
  });
  const walls = new Uint8Array(groups.length);
  const queue: number[] = [];
  const mark = (i: number): void => {
    if (!balanced[i] || walls[i] === 1) return;
    walls[i] = 1;
    queue.push(i);
  };
  for (const users of around.values()) if (users.length % 2 === 1) users.forEach(mark);
  for (let next = 0; next < queue.length; next++) {
    // Its neighbors across an edge of two groups are left out too: they are the wall's other triangles.
    for (const key of edges(groups[queue[next]!]![0]!)) {
      const users = around.get(key)!;
      if (users.length === 2) users.forEach(mark);
    }
  }
  return walls;
}

/** 1 or −1: whether the corners run as their numbers rise, up to rotation, or the other way. */
const wayAround = ([a, b, c]: readonly [number, number, number]): number => Math.sign(b - a) * Math.sign(c - b) * Math.sign(c - a);
