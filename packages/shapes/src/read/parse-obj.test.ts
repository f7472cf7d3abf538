import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { meshPlausibility } from '../measure/mesh-plausibility.js';
import { parseObj } from './parse-obj.js';

const CUBE = [
  ...Array.from({ length: 8 }, (_, k) => `v ${k & 1} ${(k >> 1) & 1} ${k >> 2}\n`),
  ...['1 5 7 3', '2 4 8 6', '1 2 6 5', '3 7 8 4', '1 3 4 2', '5 6 8 7'].map((corners) => `f ${corners}\n`),
].join('');
const utf16 = (text: string): number[] => Array.from(text, (letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]).flat();
const swapped = (bytes: readonly number[]): number[] => bytes.map((_, i) => bytes[i ^ 1]!);
const SQUARE = 'v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n';

describe('parseObj', () => {
  it('reads vertices and triangles, shared as in the file', () => {
    const { positions, indices } = parseObj(`${SQUARE}f 1 2 3\nf 1 3 4\n`);
    expect([...positions]).toEqual([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0]);
    expect([...indices]).toEqual([0, 1, 2, 0, 2, 3]);
  });

  it.each(['f 1 2 3 4', 'f 1/1 2/2 3/3 4/4', 'f 1//9 2//9 3//9 4//9', 'f 1/5/9 2/6/9 3/7/9 4/8/9', 'f -4 -3 -2 -1', 'f -4/-1/-1 2// 3 4/'])(
    'reads "%s" as a fan of two triangles',
    (face) => {
      expect([...parseObj(SQUARE + face).indices]).toEqual([0, 1, 2, 0, 2, 3]);
    },
  );

  it('leaves out all that is not geometry, and takes either line ending', () => {
    const text = `# a comment\r\nmtllib a.mtl\r\no thing\r\ng part\r\ns off\r\nusemtl wood\r\n${SQUARE}vt 0 0\r\nvn 0 0 1\r\nl 1 2\r\n\r\n  f   1 2\t3  \r\n`;
    expect([...parseObj(text).indices]).toEqual([0, 1, 2]);
  });

  it('says that it does not follow call, which names a file of more statements', () => {
    expect(parseObj(`call wheels.obj\n${SQUARE}f 1 2 3`).report.warnings).toEqual([
      'statements that are not read skipped (1), the first "call" in line 1 of the OBJ file',
    ]);
  });

  it('takes the weight and the color after a vertex', () => {
    expect([...parseObj('v 1 2 3 1\nv 4 5 6 .1 .2 .3\nv 7e0 -8 9.\nf 1 2 3').positions]).toEqual([1, 2, 3, 4, 5, 6, 7, -8, 9]);
  });

  it('counts negative corners from the vertices read so far', () => {
    expect([...parseObj(`${SQUARE}f -4 -3 -2\nv 5 5 5\nf -5 -2 -1`).indices]).toEqual([0, 1, 2, 0, 3, 4]);
  });

  it('reads back what it is given: each triangle with three corners of its own, at the same places', () => {
    const meshes = fc.integer({ min: 3, max: 30 }).chain((count) =>
      fc.record({
        positions: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3 * count, maxLength: 3 * count }),
        triangles: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.nat(count - 1)), { minLength: 1 }),
      }),
    );
    fc.assert(
      fc.property(meshes, ({ positions, triangles }) => {
        const place = (corner: number): string => String(positions.slice(3 * corner, 3 * corner + 3).map((x) => x + 0));
        const good = triangles.filter((corners) => new Set(corners.map(place)).size === 3);
        fc.pre(good.length > 0);
        const vertices = Array.from({ length: positions.length / 3 }, (_, i) => `v ${positions.slice(3 * i, 3 * i + 3).join(' ')}\n`);
        const faces = triangles.map((corners) => `f ${corners.map((corner) => corner + 1).join(' ')}\n`);
        const mesh = parseObj([...vertices, ...faces].join(''), { placement: 'file' });
        const read = (corner: number): string => String(mesh.positions.slice(3 * corner, 3 * corner + 3).map((x) => x + 0));
        expect([...mesh.indices].map(read)).toEqual(good.flat().map(place));
        expect(mesh.report.degenerateFaces).toBe(triangles.length - good.length);
        expect(new Set(mesh.indices).size).toBe(mesh.positions.length / 3);
      }),
    );
  });

  it.each([
    ['after a vertex', CUBE.replace('v 1 0 0', 'v 1 0 0 # corner')],
    ['after a face', CUBE.replace(/^f (.*)$/gm, 'f $1 # side')],
    ['without a space', CUBE.replace(/^f (.*)$/gm, 'f $1# side')],
    ['that end in a backslash', `# C:\\models\\\n${CUBE}`],
  ])('leaves out comments %s', (_, text) => {
    expect(parseObj(text).indices).toHaveLength(36);
  });

  it.each([
    ['CR', CUBE.replaceAll('\n', '\r')],
    ['CR LF', CUBE.replaceAll('\n', '\r\n')],
    ['CR and LF by turns', CUBE.replaceAll('\nf', '\rf')],
    ['a backslash that continues a face', CUBE.replace(/^f (\d+) (\d+)/gm, 'f $1 \\\n $2')],
    ['a backslash that continues a vertex, before CR LF', CUBE.replace(/^v (\d) /gm, 'v $1\\\r\n')],
  ])('reads lines that end in %s', (_, text) => {
    const mesh = parseObj(text);
    expect([...mesh.positions]).toEqual([...parseObj(CUBE).positions]);
    expect([...mesh.indices]).toEqual([...parseObj(CUBE).indices]);
  });

  it('does not lose a line after a name that ends in a backslash', () => {
    expect(parseObj(`mtllib C:\\x\\\n${CUBE}`).indices).toHaveLength(36);
    expect(parseObj(`g part\\\n${CUBE}`).indices).toHaveLength(36);
  });

  it.each([
    ['UTF-8 with a mark', [0xef, 0xbb, 0xbf, ...new TextEncoder().encode(CUBE)]],
    ['UTF-16 with a mark', [0xff, 0xfe, ...utf16(CUBE)]],
    ['UTF-16, high byte first, with a mark', [0xfe, 0xff, ...swapped(utf16(CUBE))]],
    ['UTF-16 without a mark', utf16(CUBE)],
    ['UTF-16, high byte first, without a mark', swapped(utf16(CUBE))],
    ['Latin-1', [...new TextEncoder().encode('# M'), 0xf6, ...new TextEncoder().encode(`bel\n${CUBE}`)]],
  ])('reads %s', (_, bytes) => {
    expect([...parseObj(Uint8Array.from(bytes)).indices]).toEqual([...parseObj(CUBE).indices]);
  });

  it.each(['f', 'f 1', 'f 1 2', 'f 1 1 2', 'f 3 3 3 3', 'f 1 2 1 2'])('skips and counts "%s", a face without three corners', (face) => {
    const { indices, report } = parseObj(`${CUBE}${face}\n`);
    expect(indices).toHaveLength(36);
    expect(report.degenerateFaces).toBe(1);
    expect(report.warnings).toEqual(['1 faces without three different corners left out']);
  });

  it('skips unknown statements with one warning, which names the first', () => {
    const { indices, report } = parseObj(`hello world\ncurv 0 1 2\n${CUBE}bye`, { name: 'a.obj' });
    expect(indices).toHaveLength(36);
    expect(report.warnings).toEqual(['statements that are not read skipped (3), the first "hello" in line 1 of a.obj']);
  });

  it('joins vertices at one place, so that loose faces make a closed solid, and drops unused ones', () => {
    const corners = CUBE.split('\n').filter((line) => line.startsWith('v'));
    const faces = CUBE.split('\n').filter((line) => line.startsWith('f'));
    const loose = faces.map((face) =>
      [
        ...face
          .split(' ')
          .slice(1)
          .map((corner) => corners[Number(corner) - 1]),
        'f -4 -3 -2 -1',
      ].join('\n'),
    );
    const mesh = parseObj(`v 9 9 9\n${loose.join('\n')}`);
    expect(mesh.report).toMatchObject({ weldedVertices: 16, unusedVertices: 1 });
    expect(meshPlausibility(mesh)).toEqual({
      volume: expect.closeTo(1, 6) as number,
      components: 1,
      cavities: 0,
      largestShare: 1,
      closed: true,
    });
  });

  it('cuts a concave polygon along its inside: the L of area 3 has area 3', () => {
    const l = [[0, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2]]; // prettier-ignore
    for (let shift = 0; shift < 6; shift++) {
      const ring = l.map((_, i) => l[(i + shift) % 6]!);
      for (const sign of [1, -1]) {
        const points = sign > 0 ? ring : [...ring].reverse();
        const { positions, indices } = parseObj(`${points.map(([x, y]) => `v ${x} 3 ${y}`).join('\n')}\nf 1 2 3 4 5 6`);
        const areas = Array.from({ length: indices.length / 3 }, (_, t) => {
          const [a, b, c] = [0, 1, 2].map((k) => [positions[3 * indices[3 * t + k]!]!, positions[3 * indices[3 * t + k]! + 2]!]);
          return ((b![0]! - a![0]!) * (c![1]! - a![1]!) - (c![0]! - a![0]!) * (b![1]! - a![1]!)) / 2;
        });
        expect(areas).toHaveLength(4);
        expect(areas.every((area) => area * sign > 0)).toBe(true);
        expect(areas.reduce((sum, area) => sum + area, 0)).toBeCloseTo(3 * sign, 6);
      }
    }
  });

  it('keeps the size of a thing far from the origin, subtracts in double precision and records it', () => {
    const house = CUBE.replace(/^v (\d) (\d) (\d)/gm, (_, x, y, z) => `v ${500000 + 0.4 * x} ${4649776 + 0.4 * y} ${120 + 0.4 * z}`);
    const mesh = parseObj(house);
    expect(meshPlausibility(mesh).volume).toBeCloseTo(0.064, 6);
    expect(mesh.offset).toEqual([500000.2, 4649776.2, 120.2]);
    expect(mesh.scale).toBe(1);
    expect(mesh.report.warnings).toEqual([expect.stringMatching(/moved by −\(500000\.2, 4649776\.2, 120\.2\)/)]);
    expect(parseObj(CUBE)).toMatchObject({ offset: [0, 0, 0], scale: 1, report: { warnings: [] } });
  });

  it.each([
    ['file', [0, 0, 0], 1, 0, 4],
    ['auto', [0, 0, 0], 1, 0, 4],
    ['center', [2, 2, 2], 1, -2, 2],
    ['unit', [2, 2, 2], 0.25, -0.5, 0.5],
    ['fit', [2, 2, 2], 0.25, -0.5, 0.5],
  ] as const)('places a cube of side 4: %s', (placement, offset, scale, low, high) => {
    const mesh = parseObj(
      CUBE.replace(/^v.*/gm, (line) => line.replaceAll('1', '4')),
      { placement },
    );
    expect(mesh).toMatchObject({ offset, scale });
    expect([Math.min(...mesh.positions), Math.max(...mesh.positions)]).toEqual([low, high]);
  });

  it.each([
    ['v 1 2', /three coordinates, .* in line 5 of chair\.obj, got "1 2"/],
    ['v 1 2 nan', /three coordinates, .* in line 5/],
    ['v 1 2 1e39', /up to 3\.4e38, in line 5 of chair\.obj, got "1 2 1e39"/],
    ['v 0x10 0b11 0', /got "0x10 0b11 0"/],
    ['v 1,5 2 3', /got "1,5 2 3"/],
    ['v 0 0 1.#QNAN', /got "v 0 0 1\.#QNAN"/],
    ['v 0 0 Infinity', /got "0 0 Infinity"/],
    ['f 1 2', /expected faces in chair\.obj, got 1 without three different corners/],
    ['f 1 2 x', /a corner such as 7 or 7\/1\/2 in line 5 of chair\.obj, got "x"/],
    ['f 1 2 3.5', /got "3\.5"/],
    ['f 1 2 5', /one of the 4 vertices before it in line 5 of chair\.obj, got 5/],
    ['f 0 1 2', /got 0/],
    ['f 1 2 -5', /got -5/],
    ['f 1 2 99999999999999999999', /got 99999999999999999999/],
    ['<html>', /expected faces in chair\.obj, got none; .* the first "<html>" in line 5 of chair\.obj/],
    ['', /expected faces in chair\.obj, got none/],
  ])('refuses "%s"', (line, message) => {
    const parse = () => parseObj(SQUARE + line, { name: 'chair.obj' });
    expect(parse).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
    expect(parse).toThrow(message);
  });

  it.each([{ bytes: 39 }, { vertices: 3 }, { triangles: 1 }, { lineLength: 6 }, { corners: 3 }])('refuses more than %j', (limits) => {
    const parse = () => parseObj(`${SQUARE}f 1 2 3 4`, { limits });
    expect(parse).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
    expect(parse).toThrow(`raise \`limits.${Object.keys(limits)[0]}\``);
  });

  it.each([
    ['a line of 10 MB', `v ${'1 '.repeat(5_000_000)}`, 'LIMIT_EXCEEDED'],
    ['a comment of 10 MB', `#${' '.repeat(10_000_000)}`, 'LIMIT_EXCEEDED'],
    ['fifty million empty lines', '\n'.repeat(50_000_000), 'CORRUPT_FILE'],
    ['fifty million empty lines of CR', '\r'.repeat(50_000_000), 'CORRUPT_FILE'],
    ['a million continuations', 'v \\\n'.repeat(1_000_000), 'LIMIT_EXCEEDED'],
    ['two million lines of something else', 'x\n'.repeat(2_000_000), 'CORRUPT_FILE'],
  ])('refuses %s soon', (_, text, code) => {
    const start = performance.now();
    expect(() => parseObj(text)).toThrow(expect.objectContaining({ code }));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
