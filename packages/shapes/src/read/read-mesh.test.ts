import { describe, expect, it } from 'vitest';

import { meshPlausibility } from '../measure/mesh-plausibility.js';
import { boxMesh } from '../mesh/shape-meshes.js';
import { glbBytes, plyBytes, stlBytes, stlText } from '../testing/mesh-files.js';
import { readMesh } from './read-mesh.js';
import { readPly } from './read-ply.js';
import { readStl } from './read-stl.js';

const box = boxMesh({ size: [1, 2, 3] });
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const OBJ = encode(
  `${Array.from({ length: 8 }, (_, i) => `v ${box.positions.slice(3 * i, 3 * i + 3).join(' ')}\n`).join('')}${Array.from({ length: 12 }, (_, t) => `f ${[...box.indices.slice(3 * t, 3 * t + 3)].map((i) => i + 1).join(' ')}\n`).join('')}`,
);

describe('readMesh', () => {
  it.each([
    ['OBJ', OBJ],
    ['PLY as text', plyBytes(box, 'ascii')],
    ['PLY, low byte first', plyBytes(box, 'binary_little_endian')],
    ['PLY, high byte first', plyBytes(box, 'binary_big_endian')],
    ['PLY of quadrilaterals and a normal', encode(QUAD_PLY())],
    ['STL as text', encode(stlText(box))],
    ['STL, binary', stlBytes(box)],
    ['STL, binary, whose header begins with solid', stlBytes(box, 'solid facet normal')],
    ['GLB', glbBytes(box)],
  ])('reads a box of 1 x 2 x 3 from %s, whatever its name', async (_, bytes) => {
    for (const name of ['a.obj', 'a.stl', 'a.ply', 'a.glb', 'a']) {
      const mesh = await readMesh(bytes, { name });
      expect(meshPlausibility(mesh)).toEqual({
        volume: expect.closeTo(6, 5) as number,
        components: 1,
        cavities: 0,
        largestShare: 1,
        closed: true,
      });
      expect(mesh.positions).toHaveLength(24);
      expect(mesh.report.warnings).toEqual([]);
    }
  });

  it('refuses a file of another kind, naming what it reads', async () => {
    await expect(readMesh(encode('%PDF-1.4'), { name: 'a.pdf' })).rejects.toThrow(/expected OBJ, PLY, STL or glTF in a\.pdf/);
    await expect(readMesh(encode('<html>'), { name: 'a.obj' })).rejects.toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
    await expect(readMesh(new Uint8Array(), { name: 'a.stl' })).rejects.toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
  });
});

function QUAD_PLY(): string {
  const faces = [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]]; // prettier-ignore
  const vertices = Array.from({ length: 8 }, (_, i) => `0 0 1 ${[...box.positions.slice(3 * i, 3 * i + 3)].join(' ')}`);
  const scalars = ['nx', 'ny', 'nz'].map((name) => `property float ${name}`);
  return [
    ...[
      'ply',
      'format ascii 1.0',
      'comment by hand',
      'element vertex 8',
      ...scalars,
      'property double x',
      'property double y',
      'property double z',
    ],
    ...[
      'element face 6',
      'property uchar red',
      'property list uchar uint vertex_index',
      'element edge 1',
      'property int vertex1',
      'end_header',
    ],
    ...[...vertices, ...faces.map((face) => `255 4 ${face.join(' ')}`), '7', ''],
  ].join('\r\n');
}

describe('readPly', () => {
  const header = (change: string) =>
    `ply\nformat ascii 1.0\nelement vertex 5\nproperty double x\nproperty double y\nproperty double z\nelement face 1\nproperty list uchar int vertex_indices\n${change}end_header\n`;
  const house = '500000 4649776 0\n500000.4 4649776 0\n500000.4 4649776.4 0\n500000.2 4649776.1 0\n500000 4649776.4 0\n';

  it('cuts a concave face of five corners, of which three’s PLYLoader makes nothing, and keeps doubles', () => {
    const mesh = readPly(encode(`${header('')}${house}5 0 1 2 3 4`));
    expect(mesh.indices).toHaveLength(9);
    expect(mesh.offset).toEqual([500000.2, 4649776.2, 0]);
    expect([...new Set(mesh.positions)].every((x) => Math.abs(x) < 0.21)).toBe(true);
  });

  it.each([
    ['a corner that does not exist', `${header('')}${house}3 0 1 5`, /expected corners from 0 to 4 in face 0 of a\.ply, got 5/],
    ['a negative corner', `${header('')}${house}3 0 1 -1`, /got -1/],
    ['an early end', `${header('')}${house}3 0 1`, /the end of the file; was the copy cut off\?/],
    ['NaN', `${header('')}${house.replace('500000.2', 'nan')}3 0 1 2`, /a decimal number up to 3\.4e38 in line 13 of a\.ply, got "nan"/],
    ['1e39', `${header('')}${house.replace('500000.2', '1e39')}3 0 1 2`, /got "1e39"/],
    ['hexadecimal', `${header('')}${house.replace('500000.2', '0x10')}3 0 1 2`, /got "0x10"/],
    ['an unknown type', `${header('property quad w\n')}${house}3 0 1 2`, /property TYPE NAME/],
    ['a cloud of points', header('').replace('face 1', 'face 0') + house, /a cloud of points has no inside/],
    ['no end_header', 'ply\nformat ascii 1.0\n', /end_header within/],
    ['more vertices than bytes', header('').replace('vertex 5', 'vertex 1000000'), /was the copy cut off/],
    [
      'more of another element than bytes',
      header('element x 999999999999\n').replace('end_header', 'property int a\nend_header'),
      /was the copy cut off/,
    ],
  ])('refuses %s', (_, text, message) => {
    const read = () => readPly(encode(text), { name: 'a.ply' });
    expect(read).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
    expect(read).toThrow(message);
  });

  it('refuses numbers of a binary file that are none, and counts above the limits', () => {
    const bytes = plyBytes(box, 'binary_little_endian');
    const start = new TextDecoder('latin1').decode(bytes).indexOf('end_header\n') + 11;
    new DataView(bytes.buffer).setFloat32(start + 13, NaN, true);
    expect(() => readPly(bytes)).toThrow(/finite coordinates up to 3\.4e38 in byte \d+ of the PLY file, vertex 1, got NaN/);
    expect(() => readPly(plyBytes(box, 'ascii'), { limits: { vertices: 7 } })).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
    expect(() => readPly(encode(header('').replace('vertex 5', 'vertex 99999999999')))).toThrow(/raise `limits\.vertices`/);
  });
});

describe('readStl', () => {
  it('reads a facet in one line, upper case, and names with keywords in them', () => {
    const text = 'SOLID facet\nFACET NORMAL 0 0 1 OUTER LOOP VERTEX 0 0 0 VERTEX 1 0 0 VERTEX 0 1 0 ENDLOOP ENDFACET\nENDSOLID';
    expect([...readStl(encode(text)).positions]).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0]);
  });

  it.each([
    [
      'text that is cut off',
      encode(stlText(box).slice(0, -60)),
      /facet, outer loop, vertex, endloop or endfacet in line 82 of a\.stl, got "v"/,
    ],
    ['two corners', encode(stlText(box).replace(/vertex.*\n/, '')), /three corners in each outer loop in line 6 of a\.stl, got 2/],
    ['a coordinate that is none', encode(stlText(box).replace(/vertex \S+/, 'vertex nan')), /three coordinates, .* in line 4 of a\.stl/],
    ['binary that is cut off', stlBytes(box).slice(0, -1), /684 bytes for the 12 triangles of the header in a\.stl, got 683/],
    ['a few bytes', Uint8Array.of(1, 2, 3), /a header of 84 bytes/],
  ])('refuses %s', (_, bytes, message) => {
    const read = () => readStl(bytes, { name: 'a.stl' });
    expect(read).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
    expect(read).toThrow(message);
  });

  it('says that text without endsolid may be cut off, and that bytes are left over', () => {
    expect(readStl(encode(stlText(box).replace(/endsolid\s*$/, ''))).report.warnings).toEqual([expect.stringContaining('no endsolid')]);
    expect(readStl(Uint8Array.from([...stlBytes(box), 0, 0])).report.warnings).toEqual(['2 bytes after the last triangle left out']);
  });

  it('refuses numbers of a binary file that are none, and more triangles than the limits', () => {
    const bytes = stlBytes(box);
    new DataView(bytes.buffer).setFloat32(84 + 50 + 12, Infinity, true);
    expect(() => readStl(bytes)).toThrow(/finite coordinates in triangle 2 of the STL file, got Infinity/);
    expect(() => readStl(stlBytes(box), { limits: { triangles: 11 } })).toThrow(/raise `limits\.triangles`/);
  });
});

describe('readPly', () => {
  it('says what a PLY file holds beyond what its header counts', () => {
    const fewer =
      'ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n';
    expect(readPly(encode(fewer)).report.warnings).toEqual([]);
    expect(readPly(encode(`${fewer}3 0 2 1\n`)).report.warnings).toEqual(['8 characters after the last element of the header left out']);
    expect(readPly(Uint8Array.from([...plyBytes(box, 'binary_little_endian'), 1])).report.warnings).toEqual([
      '1 bytes after the last element of the header left out',
    ]);
  });
});
