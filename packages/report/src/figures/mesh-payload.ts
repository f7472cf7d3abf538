import type { MeshFrame, TriangleMesh } from '@netspace/shapes';
import { fromBase64, toBase64 } from './base64.js';

/** A mesh as text in a page: its frame becomes [−1, 1]³, each coordinate 16 bits of it, each index 16 or 32 bits; little endian. */
export interface MeshPayload {
  readonly vertices: string;
  readonly triangles: string;
  readonly indexBytes: 2 | 4;
}

const STEPS = 65535;

export function encodeMesh({ positions, indices }: TriangleMesh, { center, radius }: MeshFrame): MeshPayload {
  const quantized = Uint16Array.from(positions, (value, i) => {
    const place = (value - center[i % 3]!) / radius; // in [-1, 1]
    return Math.min(STEPS, Math.max(0, Math.round(((place + 1) / 2) * STEPS)));
  });
  const small = positions.length / 3 <= 65536;
  const numbers = small ? Uint16Array.from(indices) : indices;
  return { vertices: toBase64(bytesOf(quantized)), triangles: toBase64(bytesOf(numbers)), indexBytes: small ? 2 : 4 };
}

export function decodeMesh({ vertices, triangles, indexBytes }: MeshPayload): TriangleMesh {
  const quantized = new Uint16Array(fromBase64(vertices).buffer);
  const { buffer } = fromBase64(triangles);
  return {
    positions: Float32Array.from(quantized, (value) => (value / STEPS) * 2 - 1),
    indices: indexBytes === 2 ? Uint32Array.from(new Uint16Array(buffer)) : new Uint32Array(buffer),
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint16Array | Uint32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
