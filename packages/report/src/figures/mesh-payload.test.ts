import { describe, expect, it } from 'vitest';

import { meshFrame } from '@netspace/shapes';
import { ballMesh } from '../../../shapes/src/testing/meshes.js';
import { fromBase64, toBase64 } from './base64.js';
import { decodeMesh, encodeMesh } from './mesh-payload.js';

describe('encodeMesh', () => {
  it('keeps triangles exactly and places to a 65535th of the frame', () => {
    const mesh = ballMesh({ radius: 3 });
    const { positions, indices } = decodeMesh(encodeMesh(mesh, meshFrame([mesh])));
    expect([...indices]).toEqual([...mesh.indices]);
    const misses = positions.map((value, i) => Math.abs(value - mesh.positions[i]! / 3));
    expect(Math.max(...misses)).toBeLessThanOrEqual(1 / 65535);
  });
  it('keeps indices of more than 65536 vertices', () => {
    const mesh = { positions: new Float32Array(3 * 70_000), indices: Uint32Array.from([0, 65_536, 69_999]) };
    const payload = encodeMesh(mesh, meshFrame([mesh]));
    expect(payload.indexBytes).toBe(4);
    expect([...decodeMesh(payload).indices]).toEqual([0, 65_536, 69_999]);
  });
});

describe('toBase64', () => {
  it('is what Node writes, also for more bytes than a call takes arguments', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31) % 256);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(Buffer.compare(fromBase64(toBase64(bytes)), bytes)).toBe(0);
  });
});
