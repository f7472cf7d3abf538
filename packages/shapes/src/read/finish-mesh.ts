import { NetSpaceError } from '@netspace/prep';

import type { Triple, TriangleMesh } from '../mesh/triangle-mesh.js';
import { corruptMesh, type MeshSource } from './mesh-limits.js';
import { weldVertices } from './weld-vertices.js';

/**
 * The place and size of a mesh. `file`: as in the file. `auto`: as in the file, but moved to the origin if float32 is too coarse for the
 * file's coordinates, as for maps. `center`: the middle of its bounding box is at the origin. `unit`: as `center`, and the box's longest
 * side is 1, so that the mesh lies within ±0.5. `fit`: as `auto` if the mesh then lies within ±0.5, else as `unit`.
 */
export type MeshPlacement = 'auto' | 'file' | 'center' | 'unit' | 'fit';

/** A mesh from a file, with a report of how it was changed. */
export interface MeshFile extends TriangleMesh {
  /** Subtracted from the file's coordinates, in double precision, before scaling: file = position / scale + offset. */
  readonly offset: Triple;
  /** The factor by which the difference was multiplied. */
  readonly scale: number;
  readonly report: MeshReport;
}

/** What a reader left out or joined. */
export interface MeshReport {
  /** Faces without three different corners, left out. */
  readonly degenerateFaces: number;
  /** Vertices at the place of an earlier one, joined with it. */
  readonly weldedVertices: number;
  /** Vertices of no triangle, left out. */
  readonly unusedVertices: number;
  /** One sentence for each kind of change that a reader of the result may want to know. */
  readonly warnings: readonly string[];
}

/** Vertices and triangles as a reader found them. */
export interface MeshParts {
  /** x, y, z of each vertex, in double precision. */
  readonly positions: ArrayLike<number>;
  /** Three vertex numbers per triangle. */
  readonly indices: readonly number[];
  readonly degenerateFaces: number;
  readonly warnings: readonly string[];
}

/**
 * Makes a mesh from the vertices and triangles that a reader found. It is placed in double precision, rounded to float32, and welded;
 * degenerate triangles and unused vertices are left out. A mesh that needs no change keeps its vertices, its triangles and their order.
 */
export function finishMesh(parts: MeshParts, placement: MeshPlacement, source: MeshSource): MeshFile {
  const { positions, indices } = parts;
  const { low, high } = usedBox(positions, indices);
  const { offset, scale } = place(low, high, placement, source);
  const placed = Float32Array.from(positions, (x, i) => (x - offset[i % 3]!) * scale);
  const { representative, welded } = weldVertices(placed, usedVertices(placed.length / 3, indices));

  const kept: number[] = [];
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [representative[indices[t]!]!, representative[indices[t + 1]!]!, representative[indices[t + 2]!]!];
    if (a !== b && b !== c && c !== a) kept.push(a, b, c);
  }
  const degenerateFaces = parts.degenerateFaces + (indices.length - kept.length) / 3;
  if (kept.length === 0) {
    throw corruptMesh(source, 'faces', degenerateFaces === 0 ? 'none' : `${degenerateFaces} without area, and no other`, source.name);
  }
  const mesh = withoutUnused(placed, kept);
  const unusedVertices = placed.length / 3 - mesh.positions.length / 3 - welded;
  const moved = offset.some((x) => x !== 0) && placement === 'auto';
  const warnings = [
    ...(degenerateFaces > 0 ? [`${degenerateFaces} faces without three different corners left out`] : []),
    ...(moved ? [`moved by −(${offset.join(', ')}): its coordinates are too large for its size in float32`] : []),
    ...parts.warnings,
  ];
  return { ...mesh, offset, scale, report: { degenerateFaces, weldedVertices: welded, unusedVertices, warnings } };
}

type Corner = readonly [number, number, number];

function place(low: Corner, high: Corner, placement: MeshPlacement, source: MeshSource): { offset: Triple; scale: number } {
  const middle = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2] as const;
  const side = Math.max(...high.map((x, axis) => x - low[axis]!));
  const unit = { offset: middle, scale: side > 0 ? 1 / side : 1 };
  const asIs = { offset: [0, 0, 0], scale: 1 } as const;
  const reach = Math.max(...low.map(Math.abs), ...high.map(Math.abs));
  switch (placement) {
    case 'file':
      return asIs;
    case 'center':
      return { offset: middle, scale: 1 };
    case 'unit':
      return unit;
    case 'auto':
      return reach * FLOAT32_STEP > COARSE * side ? { offset: middle, scale: 1 } : asIs;
    case 'fit':
      return reach <= 0.5 + 1e-6 ? asIs : unit;
    default:
      throw new NetSpaceError(
        'INVALID_OPTION',
        `${source.caller}: expected \`placement\` auto, file, center, unit or fit, got ${String(placement satisfies never)}`,
      );
  }
}

const FLOAT32_STEP = 2 ** -24; // the largest relative error of rounding
const COARSE = 2 ** -16; // of the longest side: coarser rounding would be visible in distances

function usedBox(positions: ArrayLike<number>, indices: readonly number[]): { low: Corner; high: Corner } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const index of indices) {
    for (let axis = 0; axis < 3; axis++) {
      const x = positions[3 * index + axis]!;
      if (x < low[axis]!) low[axis] = x;
      if (x > high[axis]!) high[axis] = x;
    }
  }
  return indices.length === 0 ? { low: [0, 0, 0], high: [0, 0, 0] } : { low, high };
}

function usedVertices(count: number, indices: readonly number[]): Uint8Array {
  const used = new Uint8Array(count);
  for (const index of indices) used[index] = 1;
  return used;
}

function withoutUnused(placed: Float32Array, indices: readonly number[]): TriangleMesh {
  const used = usedVertices(placed.length / 3, indices);
  const numbers = new Uint32Array(used.length);
  let count = 0;
  used.forEach((isUsed, vertex) => {
    if (isUsed === 1) numbers[vertex] = count++;
  });
  const positions = new Float32Array(3 * count);
  used.forEach((isUsed, vertex) => {
    if (isUsed === 1) positions.set(placed.subarray(3 * vertex, 3 * vertex + 3), 3 * numbers[vertex]!);
  });
  return { positions, indices: Uint32Array.from(indices, (index) => numbers[index]!) };
}
