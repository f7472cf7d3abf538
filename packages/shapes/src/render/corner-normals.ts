import type { TriangleMesh } from '../mesh/triangle-mesh.js';

/**
 * One unit normal per corner of each triangle: the mean of the triangles around the vertex (weighted by area) on smooth parts, and the
 * triangle's own normal if they differ by more than 26°. So a ball looks round and a box keeps its edges.
 *
 * @returns `[triangles · 3 · 3]`
 */
export function cornerNormals({ positions, indices }: TriangleMesh): Float32Array {
  const faces = new Float32Array(indices.length); // one vector a triangle, as long as twice its area
  const vertices = new Float32Array(positions.length);
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [indices[i]! * 3, indices[i + 1]! * 3, indices[i + 2]! * 3];
    const edge = (to: number, axis: number) => positions[to + axis]! - positions[a + axis]!;
    for (let axis = 0; axis < 3; axis++) {
      const [next, last] = [(axis + 1) % 3, (axis + 2) % 3];
      const value = edge(b, next) * edge(c, last) - edge(b, last) * edge(c, next);
      faces[i + axis] = value;
      for (const vertex of [a, b, c]) vertices[vertex + axis]! += value;
    }
  }
  normalize(faces);
  normalize(vertices);
  const corners = new Float32Array(indices.length * 3);
  for (let corner = 0; corner < indices.length; corner++) {
    const [face, vertex] = [corner - (corner % 3), indices[corner]! * 3];
    let cosine = 0;
    for (let axis = 0; axis < 3; axis++) cosine += faces[face + axis]! * vertices[vertex + axis]!;
    const smooth = cosine > SMOOTHEST_CREASE;
    for (let axis = 0; axis < 3; axis++) corners[corner * 3 + axis] = smooth ? vertices[vertex + axis]! : faces[face + axis]!;
  }
  return corners;
}

const SMOOTHEST_CREASE = 0.9; // cos 26°

function normalize(vectors: Float32Array): void {
  for (let i = 0; i < vectors.length; i += 3) {
    const length = Math.hypot(vectors[i]!, vectors[i + 1]!, vectors[i + 2]!) || 1;
    for (let axis = 0; axis < 3; axis++) vectors[i + axis]! /= length;
  }
}
