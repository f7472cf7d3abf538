import { isNetSpaceError } from '@netspace/prep';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { signedDistances } from '../distance/signed-distances.js';
import { boxMesh, mergeMeshes, sphereMesh } from '../mesh/shape-meshes.js';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import { glbBytes, gltfParts, plyBytes, stlBytes, stlText } from '../testing/mesh-files.js';
import { readMesh } from './read-mesh.js';

/** Mutants a kind of file; NETSPACE_FUZZ_RUNS raises it. */
const RUNS = 400;

const mesh = mergeMeshes([boxMesh(), sphereMesh({ subdivisions: 1, center: [0.4, 0, 0], radius: 0.5 })]);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const obj = ({ positions, indices }: TriangleMesh): string =>
  [
    '# made by hand\r\nmtllib a.mtl\no thing\n',
    ...Array.from({ length: positions.length / 3 }, (_, i) => `v ${positions.slice(3 * i, 3 * i + 3).join(' ')}\n`),
    'vt 0 0\nvn 0 0 1\n',
    ...Array.from(
      { length: indices.length / 3 },
      (_, t) => `f ${[...indices.slice(3 * t, 3 * t + 3)].map((i) => `${i + 1}/1/1`).join(' ')}\n`,
    ),
    'f -1 -2 -3 \\\n -4 -5\n',
  ].join('');
const { json, binary } = gltfParts(mesh);
const gltf = { ...json, buffers: [{ byteLength: binary.length, uri: `data:;base64,${btoa(String.fromCharCode(...binary))}` }] };
const SEEDS = {
  obj: encode(obj(mesh)),
  'ply of text': plyBytes(mesh, 'ascii'),
  'ply, low byte first': plyBytes(mesh, 'binary_little_endian'),
  'ply, high byte first': plyBytes(mesh, 'binary_big_endian'),
  'stl of text': encode(stlText(mesh)),
  stl: stlBytes(mesh),
  glb: glbBytes(mesh),
  gltf: encode(JSON.stringify(gltf)),
};

/** Words that break readers. */
const WORDS = [
  '0',
  '-1',
  '1e39',
  'nan',
  '0x10',
  '4294967295',
  '999999999999',
  '\\\n',
  '\r',
  '\0',
  '#',
  '/',
  'null',
  '[]',
  '{}',
  '"',
  'ÿþ',
  ' '.repeat(300),
];

type Change = (bytes: Uint8Array) => Uint8Array;
const splice = (bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array =>
  Uint8Array.from([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + remove)]);
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const early = place.map((x) => x ** 4); // headers are where it hurts
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.oneof(place, early), fc.nat(255)).map(
    ([at, byte]): Change =>
      (bytes) =>
        splice(bytes, Math.floor(at * bytes.length), 1, Uint8Array.of(byte)),
  ),
  fc.tuple(fc.oneof(place, early), fc.constantFrom(...WORDS)).map(
    ([at, word]): Change =>
      (bytes) =>
        splice(bytes, Math.floor(at * bytes.length), word.length, encode(word)),
  ),
  fc.tuple(fc.oneof(place, early), fc.constantFrom(...WORDS)).map(
    ([at, word]): Change =>
      (bytes) =>
        splice(bytes, Math.floor(at * bytes.length), 0, encode(word)),
  ),
  place.map(
    (at): Change =>
      (bytes) =>
        bytes.slice(0, Math.floor(at * bytes.length)),
  ),
  fc.tuple(place, place, fc.nat(200)).map(([from, to, size]): Change => (bytes) => {
    const start = Math.floor(from * bytes.length);
    return splice(bytes, Math.floor(to * bytes.length), 0, bytes.slice(start, start + size));
  }),
  fc.tuple(place, fc.constantFrom(0, 0xff, 0x7f)).map(
    ([at, byte]): Change =>
      (bytes) =>
        splice(bytes, Math.floor(at * bytes.length) & ~3, 4, Uint8Array.of(byte, byte, byte, byte)),
  ),
);

describe('readMesh, given files that something happened to', () => {
  it.each(Object.entries(SEEDS))(
    'reads %s or refuses it with an error of ours, soon',
    async (_, seed) => {
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
          const bytes = changes.reduce((all, apply) => apply(all), seed);
          const start = performance.now();
          try {
            const read = await readMesh(bytes, { name: 'a.obj' });
            expect(read.indices.length).toBeGreaterThan(0);
            expect(read.indices.every((index) => index < read.positions.length / 3)).toBe(true);
            expect(read.positions.every(Number.isFinite)).toBe(true);
            expect([...read.offset, read.scale].every(Number.isFinite)).toBe(true);
            expect((await signedDistances(read, new Float32Array(3))).every(Number.isFinite)).toBe(true);
          } catch (error) {
            if (!isNetSpaceError(error)) throw error;
            expect(error.message.length).toBeLessThan(1000);
          }
          expect(performance.now() - start).toBeLessThan(2000);
        }),
        { numRuns: Number(process.env['NETSPACE_FUZZ_RUNS'] ?? RUNS), seed: 20261128, plugins: [fc.interruptAfterTimeLimit(20_000)] },
      );
    },
    60_000,
  );
});
