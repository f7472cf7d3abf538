import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseObj } from './parse-obj.js';

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

  it('takes the weight and the color after a vertex', () => {
    expect([...parseObj('v 1 2 3 1\nv 4 5 6 .1 .2 .3\nv 7e0 -8 9.\nf 1 2 3').positions]).toEqual([1, 2, 3, 4, 5, 6, 7, -8, 9]);
  });

  it('counts negative corners from the vertices read so far', () => {
    expect([...parseObj(`${SQUARE}f -4 -3 -2\nv 5 5 5\nf -5 -2 -1`).indices]).toEqual([0, 1, 2, 0, 3, 4]);
  });

  it('reads back what it is given', () => {
    const meshes = fc.integer({ min: 3, max: 30 }).chain((count) =>
      fc.record({
        positions: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3 * count, maxLength: 3 * count }),
        triangles: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.nat(count - 1)), { minLength: 1 }),
      }),
    );
    fc.assert(
      fc.property(meshes, ({ positions, triangles }) => {
        const vertices = Array.from({ length: positions.length / 3 }, (_, i) => `v ${positions.slice(3 * i, 3 * i + 3).join(' ')}\n`);
        const faces = triangles.map((corners) => `f ${corners.map((corner) => corner + 1).join(' ')}\n`);
        const mesh = parseObj([...vertices, ...faces].join(''));
        expect([...mesh.positions].map((x) => x + 0)).toEqual(positions.map((x) => x + 0)); // "-0" is written "0"
        expect([...mesh.indices]).toEqual(triangles.flat());
      }),
    );
  });

  it.each([
    ['v 1 2', /three coordinates in line 5 of chair\.obj, got "1 2"/],
    ['v 1 2 nan', /three coordinates in line 5/],
    ['f 1 2', /at least three corners in line 5 of chair\.obj, got 2/],
    ['f 1 2 x', /a corner such as 7 or 7\/1\/2 in line 5 of chair\.obj, got "x"/],
    ['f 1 2 3.5', /got "3\.5"/],
    ['f 1 2 5', /one of the 4 vertices before it in line 5 of chair\.obj, got 5/],
    ['f 0 1 2', /got 0/],
    ['f 1 2 -5', /got -5/],
    ['f 1 2 99999999999999999999', /got 99999999999999999999/],
    ['<html>', /a statement of the OBJ format in line 5 of chair\.obj, got "<html>"/],
    ['', /expected faces in chair\.obj, got none/],
  ])('refuses "%s"', (line, message) => {
    const parse = () => parseObj(SQUARE + line, { name: 'chair.obj' });
    expect(parse).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
    expect(parse).toThrow(message);
  });

  it.each([{ characters: 39 }, { vertices: 3 }, { triangles: 1 }])('refuses more than %j', (limits) => {
    const parse = () => parseObj(`${SQUARE}f 1 2 3 4`, { limits });
    expect(parse).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
    expect(parse).toThrow(`raise \`limits.${Object.keys(limits)[0]}\``);
  });
});
