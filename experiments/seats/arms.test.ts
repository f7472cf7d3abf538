import { randomSeat, seatMeshes, windingNumbers } from '@netspace/shapes';
import { describe, expect, it } from 'vitest';

import { hasArms } from './arms.js';

describe('hasArms', () => {
  it('says of seats with a back whether their designs have arms', async () => {
    const said: boolean[] = [];
    const wanted: boolean[] = [];
    for (const { name, mesh } of await seatMeshes({ count: 18, seed: 0 })) {
      const design = randomSeat({ seed: Number(name.slice('seat-'.length)) });
      if (design.back === undefined) continue;
      const { positions, indices } = mesh;
      said.push(
        await hasArms((points) => windingNumbers({ positions, indices }, points).map((winding) => 0.5 - winding), { design, mesh }),
      );
      wanted.push(design.arms !== undefined);
    }
    expect(said).toEqual(wanted);
    expect([...new Set(wanted)]).toHaveLength(2);
  });
});
