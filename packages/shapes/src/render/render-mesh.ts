import { NetSpaceError } from '@netspace/prep';
import { count, extended, type GivenBy, optional, parseOptions, thing, withDefault } from '@netspace/prep/internal';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';

import { cornerNormals } from './corner-normals.js';
import { cameraAngles, cameraAxes, type CameraAxes, type Vector } from './mesh-camera.js';
import { meshFrame, type MeshFrame } from './mesh-frame.js';
import { rgb } from '../option-kinds.js';
import type { Picture, Rgb } from './picture.js';

/** See {@link RenderMeshOptions}. */
export const renderMeshOptions = extended(cameraAngles, {
  /**
   * In pixels.
   * @default 320
   */
  width: withDefault(count, 320),
  /**
   * In pixels.
   * @default 320
   */
  height: withDefault(count, 320),
  /**
   * Red, green and blue, 0..255.
   * @default [126, 164, 214]
   */
  color: withDefault(rgb, [126, 164, 214]),
  /**
   * What the picture shows. Give pictures that are to be compared the same frame (`meshFrame`).
   * @default the whole mesh
   */
  frame: optional(thing<MeshFrame>('a frame with center and radius, as meshFrame gives it', ['center', 'radius'])),
});

/** Options of {@link renderMesh}. */
export interface RenderMeshOptions extends GivenBy<typeof renderMeshOptions> {}

/**
 * Draws a mesh without a graphics card: orthographic, shaded by a light over the left shoulder, on a transparent background.
 *
 * @param mesh y is up; both sides of a triangle are drawn, a mesh without triangles gives an empty picture
 * @returns RGBA, smoothed by 2 × 2 samples a pixel
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong, `SHAPE_MISMATCH` if an index points past the positions
 * @example
 * ```ts
 * import { renderMesh, sphereMesh } from '@netspace/shapes';
 *
 * const { width, height, data } = renderMesh(sphereMesh(), { width: 32, height: 32 });
 * console.log(data.length === 4 * width * height, data[3]); // true 0
 * ```
 */
export function renderMesh(mesh: TriangleMesh, options: RenderMeshOptions = {}): Picture {
  const { width, height, color, frame = meshFrame([mesh]), ...angles } = parseOptions('renderMesh', renderMeshOptions, options);
  const vertices = mesh.positions.length / 3;
  const outside = mesh.indices.find((index) => index >= vertices);
  if (outside !== undefined) {
    throw new NetSpaceError('SHAPE_MISMATCH', `renderMesh: expected indices below the ${vertices} vertices, got ${outside}`);
  }
  const shades = rasterise(mesh, { width: width * SAMPLES, height: height * SAMPLES, frame, axes: cameraAxes(angles) });
  return average(shades, { width, height, color });
}

const SAMPLES = 2; // a side
const MARGIN = 1.04;

interface View {
  readonly width: number;
  readonly height: number;
  readonly frame: MeshFrame;
  readonly axes: CameraAxes;
}

/** Brightness of each sample, in [0, 1]; −1 where there is nothing. */
function rasterise(mesh: TriangleMesh, view: View): Float32Array {
  const { width, height, axes } = view;
  const points = project(mesh.positions, view);
  const normals = cornerNormals(mesh);
  const depths = new Float32Array(width * height).fill(-Infinity);
  const shades = new Float32Array(width * height).fill(-1);
  for (let i = 0; i < mesh.indices.length; i += 3) {
    const [a, b, c] = [mesh.indices[i]! * 3, mesh.indices[i + 1]! * 3, mesh.indices[i + 2]! * 3];
    const [ax, ay, bx, by, cx, cy] = [points[a]!, points[a + 1]!, points[b]!, points[b + 1]!, points[c]!, points[c + 1]!];
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0) continue;
    const [shadeA, shadeB, shadeC] = [0, 1, 2].map((corner) => brightness(normals, (i + corner) * 3, axes));
    const bottom = Math.min(height - 1, Math.floor(Math.max(ay, by, cy)));
    const right = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx)));
    for (let y = Math.max(0, Math.ceil(Math.min(ay, by, cy))); y <= bottom; y++) {
      for (let x = Math.max(0, Math.ceil(Math.min(ax, bx, cx))); x <= right; x++) {
        const wb = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / area; // barycentric weights of b, c and a
        const wc = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / area;
        const wa = 1 - wb - wc;
        if (wa < 0 || wb < 0 || wc < 0) continue;
        const depth = wa * points[a + 2]! + wb * points[b + 2]! + wc * points[c + 2]!;
        if (depth <= depths[y * width + x]!) continue;
        depths[y * width + x] = depth;
        // Deeper parts are a little darker: depth is in [-1, 1] within the frame.
        shades[y * width + x] = (wa * shadeA! + wb * shadeB! + wc * shadeC!) * (0.92 + 0.08 * Math.max(-1, Math.min(1, depth)));
      }
    }
  }
  return shades;
}

/** Screen x and y in samples and depth towards the camera in radii, three numbers a vertex. */
function project(positions: Float32Array, { width, height, frame: { center, radius }, axes: { right, up, back } }: View): Float32Array {
  const scale = Math.min(width, height) / (2 * radius * MARGIN);
  const points = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = [positions[i]! - center[0], positions[i + 1]! - center[1], positions[i + 2]! - center[2]];
    const along = (axis: Vector) => axis[0] * x + axis[1] * y + axis[2] * z;
    points.set([width / 2 + scale * along(right), height / 2 - scale * along(up), along(back) / radius], i);
  }
  return points;
}

/** Lambert's law for a key light over the left shoulder and a faint one from below right, both sides of a surface alike. */
function brightness(normals: Float32Array, at: number, { right, up, back }: CameraAxes): number {
  const along = (axis: Vector) => axis[0] * normals[at]! + axis[1] * normals[at + 1]! + axis[2] * normals[at + 2]!;
  const side = along(back) < 0 ? -1 : 1;
  const [x, y, z] = [side * along(right), side * along(up), side * along(back)];
  return 0.34 + 0.62 * Math.max(0, -0.42 * x + 0.6 * y + 0.68 * z) + 0.12 * Math.max(0, 0.7 * x - 0.5 * y + 0.5 * z);
}

/** Colors the samples and averages each pixel's; partly covered pixels become translucent. */
function average(
  shades: Float32Array,
  { width, height, color }: { readonly width: number; readonly height: number; readonly color: Rgb },
): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [covered, shade] = [0, 0];
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const row = y * SAMPLES + Math.floor(sample / SAMPLES);
        const value = shades[row * width * SAMPLES + x * SAMPLES + (sample % SAMPLES)]!;
        if (value < 0) continue;
        covered += 1;
        shade += value;
      }
      if (covered === 0) continue;
      const [red, green, blue] = color.map((channel) => (channel * shade * 1.12) / covered);
      data.set([red!, green!, blue!, (255 * covered) / SAMPLES ** 2], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}
