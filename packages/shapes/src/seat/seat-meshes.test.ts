import { describe, expect, it } from 'vitest';

import { signedDistances } from '../distance/signed-distances.js';
import { randomSeat } from './random-seat.js';
import { seatMeshes } from './seat-meshes.js';

describe('seatMeshes', () => {
  it('makes closed solids of one part within the unit cube, whose parts are not thinner than a hundredth', async () => {
    for (const { name, mesh } of await seatMeshes({ count: 40, seed: 0 })) {
      const { closed, components, cavities, positions, thinnest } = mesh;
      expect({ name, closed, components, cavities }).toEqual({ name, closed: true, components: 1, cavities: 0 });
      expect(positions.reduce((most, x) => Math.max(most, Math.abs(x)), 0)).toBeLessThanOrEqual(0.5);
      expect(thinnest).toBeGreaterThan(0.01);
    }
  });
  it('makes the same of the same seed, under its name, however many there are', async () => {
    const [few, many] = [await seatMeshes({ count: 1, seed: 11 }), await seatMeshes({ count: 3, seed: 10 })];
    expect(many.map(({ name }) => name)).toEqual(['seat-10', 'seat-11', 'seat-12']);
    expect(few[0]).toEqual(many[1]);
  });
  it('makes seats that can be told apart: somewhere in the cube the distances to two differ by a thirtieth of the diagonal', async () => {
    const seats = await seatMeshes({ count: 12, seed: 20 });
    const points = Float32Array.from({ length: 3 * 10 ** 3 }, (_, i) => {
      const cell = Math.floor(i / 3);
      return ([cell % 10, Math.floor(cell / 10) % 10, Math.floor(cell / 100)][i % 3]! + 0.5) / 10 - 0.5;
    });
    const fields = await Promise.all(seats.map(({ mesh }) => signedDistances(mesh, points)));
    for (const [i, a] of fields.entries()) {
      for (const b of fields.slice(0, i)) expect(Math.max(...a.map((distance, k) => Math.abs(distance - b[k]!)))).toBeGreaterThan(1 / 30);
    }
  });
});

describe('randomSeat', () => {
  it('draws every kind of legs, back and arms', () => {
    const designs = Array.from({ length: 200 }, (_, seed) => randomSeat({ seed }));
    const kinds = (of: (design: (typeof designs)[number]) => string | undefined) => [...new Set(designs.map(of))].sort();
    expect(kinds(({ legs }) => legs.kind)).toEqual(['block', 'pedestal', 'sled', 'straight', 'walls']);
    expect(kinds(({ back }) => back?.kind)).toEqual(['ladder', 'panel', 'slats', undefined]);
    expect(kinds(({ arms }) => arms?.kind)).toEqual(['bars', 'walls', undefined]);
  });
});
