import { describe, expect, it } from 'vitest';

import { signedDistances } from '../distance/signed-distances.js';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import type { SeatDesign } from './seat-design.js';
import { seatMesh } from './seat-mesh.js';

const seat = { width: 0.4, depth: 0.5, thickness: 0.04, height: 0.45 };
const plate = 0.4 * 0.5 * 0.04;
const legs = { kind: 'straight', thickness: 0.06 } as const;
const stool: SeatDesign = { seat, legs };

/** Opposite corners of the bounding box. */
const boxOf = ({ positions }: TriangleMesh): readonly (readonly [low: number, high: number])[] =>
  [0, 1, 2].map((axis) => {
    const along = positions.filter((_, i) => i % 3 === axis);
    return [Math.min(...along), Math.max(...along)] as const;
  });

/** Area of a regular polygon within a circle. */
const polygon = (corners: number, radius: number): number => (corners / 2) * radius ** 2 * Math.sin((2 * Math.PI) / corners);

describe('seatMesh', () => {
  it.each<readonly [string, SeatDesign, number]>([
    ['a plate on four legs', stool, plate + 4 * 0.06 ** 2 * 0.41],
    ['round legs', { seat, legs: { ...legs, round: true } }, plate + 4 * polygon(16, 0.03) * 0.41],
    ['a solid base', { seat, legs: { kind: 'block', inset: 0.05 } }, plate + 0.3 * 0.4 * 0.41],
    ['walls', { seat, legs: { kind: 'walls', thickness: 0.05 } }, plate + 2 * 0.05 * 0.5 * 0.41],
    ['runners', { seat, legs: { kind: 'sled', thickness: 0.05 } }, plate + 2 * 0.05 ** 2 * (2 * 0.41 + 0.5 - 2 * 0.05)],
    [
      'a column on a disc under a round plate',
      { seat: { ...seat, outline: 'round', depth: 0.4 }, legs: { kind: 'pedestal', thickness: 0.06, footRadius: 0.15 } },
      polygon(32, 0.2) * 0.04 + polygon(32, 0.15) * 0.03 + polygon(16, 0.03) * 0.38,
    ],
    [
      'a panel to lean on',
      { ...stool, back: { kind: 'panel', height: 0.4, thickness: 0.03, tilt: 0.2 } },
      plate + 4 * 0.06 ** 2 * 0.41 + 0.4 * 0.4 * 0.03,
    ],
    [
      'two rails between posts',
      { ...stool, back: { kind: 'ladder', height: 0.4, thickness: 0.03, count: 2, width: 0.05 } },
      plate + 4 * 0.06 ** 2 * 0.41 + 2 * 0.4 * 0.03 ** 2 + 2 * (0.4 - 2 * 0.03) * 0.03 * 0.05,
    ],
    [
      'bars for the arms',
      { ...stool, arms: { kind: 'bars', height: 0.2, thickness: 0.04 } },
      plate + 4 * 0.06 ** 2 * 0.41 + 2 * 0.04 ** 2 * (2 * 0.16 + 0.5),
    ],
    [
      'stretchers around',
      { seat, legs: { ...legs, stretchers: { form: 'box', thickness: 0.06, height: 0.2 } } },
      plate + 4 * 0.06 ** 2 * 0.41 + 2 * 0.06 ** 2 * (0.4 - 0.12 + 0.5 - 0.12),
    ],
  ])('has the volume of its parts: %s', async (_, design, expected) => {
    const { volume, scale, closed, components } = await seatMesh(design);
    expect([closed, components]).toEqual([true, 1]);
    expect(volume / scale ** 3 / expected).toBeCloseTo(1, 4);
  });

  it('lies about the origin with a diagonal of 1, upright, its back behind', async () => {
    const mesh = await seatMesh({ ...stool, back: { kind: 'panel', height: 0.5, thickness: 0.03 } });
    const { scale } = mesh;
    expect(scale).toBeCloseTo(1 / Math.hypot(0.4, 0.95, 0.5), 6);
    boxOf(mesh).forEach(([low, high], axis) => {
      expect(high).toBeCloseTo((scale * [0.4, 0.95, 0.5][axis]!) / 2, 6);
      expect(low).toBeCloseTo(-high, 6);
    });
    const inside = (await signedDistances(mesh, Float32Array.from([0, 0.3, 0.25 * scale - 0.01, 0, 0.3, -0.25 * scale + 0.01]))).map(
      Math.sign,
    );
    expect([...inside]).toEqual([-1, 1]); // there is something behind, and nothing in front
  });

  it('tells how thin its thinnest part is', async () => {
    const { positions, indices, scale, thinnest } = await seatMesh({ seat, legs: { kind: 'straight', thickness: 0.02 } });
    expect(thinnest).toBeCloseTo(0.02 * scale, 6);
    const middle = [(0.2 - 0.01) * scale, -0.1 * scale, (0.25 - 0.01) * scale]; // of a leg
    const [distance] = await signedDistances({ positions, indices }, Float32Array.from(middle));
    expect(distance).toBeCloseTo(-thinnest / 2, 5);
    const tapered = await seatMesh({ seat, legs: { kind: 'straight', thickness: 0.04, taper: 0.25 } });
    expect(tapered.thinnest).toBeCloseTo(0.01 * tapered.scale, 6);
  });

  it('stands on feet that splay', async () => {
    const mesh = await seatMesh({ seat, legs: { ...legs, splay: 0.1 } });
    const [[low, high]] = boxOf(mesh) as [readonly [number, number]];
    expect((high - low) / mesh.scale).toBeCloseTo(0.6, 5);
  });

  it.each<readonly [unknown, RegExp]>([
    [{ seat, legs: { kind: 'straight' } }, /seatMesh: expected legs.thickness to be a positive number, got nothing/],
    [{ seat: { ...seat, width: -1 }, legs }, /expected seat.width to be a positive number, got -1/],
    [{ seat, legs: { kind: 'wheels' } }, /legs/],
    [{ seat: { ...seat, thickness: 0.5 }, legs }, /seat.thickness of at most .*room for legs, got 0.5/],
    [{ seat, legs: { kind: 'straight', thickness: 0.3 } }, /legs.thickness of at most 0.2, half the side of the seat, got 0.3/],
    [{ seat, legs: { ...legs, count: 3, stretchers: { form: 'h', thickness: 0.02, height: 0.1 } } }, /four legs beside legs.stretchers/],
    [{ seat, legs: { ...legs, stretchers: { form: 'h', thickness: 0.02, height: 0.6 } } }, /stretchers.height of at most/],
    [{ seat, legs: { kind: 'block', inset: 0.3 } }, /legs.inset of at most/],
  ])('refuses %j', async (design, message) => {
    await expect(seatMesh(design as SeatDesign)).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringMatching(message) as string }); // prettier-ignore
  });
});
