import { describe, expect, it } from 'vitest';

import { encodePng } from '@netspace/report';
import { cameraAxes } from './mesh-camera.js';
import type { Picture } from './picture.js';
import { renderMesh } from './render-mesh.js';
import { ballMesh, cubeMesh } from '../testing/meshes.js';

const alpha = ({ data }: Picture) => data.filter((_, i) => i % 4 === 3);
const covered = (picture: Picture) => alpha(picture).reduce((sum, value) => sum + value, 0) / 255;
const front = { azimuth: 0, elevation: 0 };
const frame = { center: [0, 0, 0], radius: 2 } as const;

describe('renderMesh', () => {
  it('covers πr² for a ball from any side, to a percent', () => {
    const pixelsPerUnit = 200 / (2 * 2 * 1.04);
    for (const azimuth of [0, 35, 200]) {
      const picture = renderMesh(ballMesh(), { width: 200, height: 200, frame, azimuth });
      expect(covered(picture) / (Math.PI * pixelsPerUnit ** 2)).toBeCloseTo(1, 1.5);
    }
  });
  it('covers the face of a cube seen from the front, and √2 faces seen from an edge', () => {
    const side = (200 / (2 * 2 * 1.04)) * 2;
    const size = { width: 200, height: 200, frame, elevation: 0 };
    expect(covered(renderMesh(cubeMesh(), { ...size, azimuth: 0 })) / side ** 2).toBeCloseTo(1, 1.5);
    expect(covered(renderMesh(cubeMesh(), { ...size, azimuth: 45 })) / side ** 2).toBeCloseTo(Math.SQRT2, 1.5);
  });
  it('shows what is nearer, whatever the order of the triangles', () => {
    const facing = [-1, -1, 0.5, 1, -1, 0.5, 0, 1, 0.5]; // towards the camera: bright
    const tilted = [-1, -1, -0.5, 1, -1, 0.4, 0, 1, -0.5]; // behind it, turned away: darker
    const both = Float32Array.from([...facing, ...tilted]);
    const one = renderMesh({ positions: both, indices: Uint32Array.from([0, 1, 2]) }, { ...front, frame });
    for (const indices of [
      [0, 1, 2, 3, 4, 5],
      [3, 4, 5, 0, 1, 2],
    ]) {
      expect(encodePng(renderMesh({ positions: both, indices: Uint32Array.from(indices) }, { ...front, frame }))).toEqual(encodePng(one));
    }
  });
  it('is lit from the upper left', () => {
    const { width, data } = renderMesh(ballMesh(), front);
    const brightness = (x: number, y: number) => data[(y * width + x) * 4 + 1]!;
    expect(brightness(110, 110)).toBeGreaterThan(brightness(210, 210));
  });
  it('is empty without triangles', () => {
    expect(covered(renderMesh({ positions: new Float32Array(0), indices: new Uint32Array(0) }))).toBe(0);
  });
  it('refuses impossible sizes and indices', () => {
    expect(() => renderMesh(cubeMesh(), { width: 1.5 })).toThrow(/expected width to be a positive integer, got 1.5/);
    expect(() => renderMesh({ ...cubeMesh(), indices: Uint32Array.from([0, 1, 8]) })).toThrow(/below the 8 vertices, got 8/);
  });
});

describe('cameraAxes', () => {
  it('looks along −z at zero angles and down from above at 90° elevation', () => {
    const close = (got: readonly number[], expected: readonly number[]) =>
      expected.forEach((value, i) => expect(got[i]).toBeCloseTo(value, 12));
    close(cameraAxes(front).right, [1, 0, 0]);
    close(cameraAxes(front).back, [0, 0, 1]);
    close(cameraAxes({ azimuth: 0, elevation: 90 }).back, [0, 1, 0]);
    close(cameraAxes({ azimuth: 0, elevation: 90 }).up, [0, 0, -1]);
  });
});
