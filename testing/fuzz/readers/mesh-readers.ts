import { boxMesh, parseObj, readMesh } from '@netspace/shapes';

import { glbBytes, gltfParts, plyBytes, stlBytes, stlText } from '../../../packages/shapes/src/testing/mesh-files.js';
import { checkMesh } from '../contradiction.js';
import { encode, type FuzzReader, type Readers } from './fuzz-reader.js';

/** A reader of meshes, whatever kind the bytes say that they are. */
const meshes = (...seeds: readonly Uint8Array[]): Promise<FuzzReader> =>
  Promise.resolve({ seeds, read: async (bytes) => checkMesh(await readMesh(bytes)) });

/** Meshes. */
export const meshReaders: Readers = {
  obj: () =>
    Promise.resolve({
      seeds: [
        encode(
          '# tetrahedron\nv 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nvn 0 0 1\nvt 0 0\nf 1 3 2\nf 1/1 2/1 4/1\nf 1//1 4//1 3//1\nf -4 -1 -2\n',
        ),
        encode('o quad\r\nv 0 0 0 1 0.5 0.5\r\nv 1 0 0\r\nv 1 1 0\r\nv 0 1 0\r\nusemtl a\r\ns off\r\nf 1 2 3 4\r\n'),
      ],
      read: (bytes) => checkMesh(parseObj(new TextDecoder().decode(bytes))),
    }),
  ply: () => meshes(...(['ascii', 'binary_little_endian', 'binary_big_endian'] as const).map((format) => plyBytes(boxMesh(), format))),
  stl: () => meshes(encode(stlText(boxMesh())), stlBytes(boxMesh())),
  gltf: () => {
    const { json, binary } = gltfParts(boxMesh());
    const uri = `data:application/octet-stream;base64,${Buffer.from(binary).toString('base64')}`;
    return meshes(glbBytes(boxMesh()), encode({ ...json, buffers: [{ byteLength: binary.length, uri }] }));
  },
};
