import { STLLoader } from 'three/addons/loaders/STLLoader.js';
import { describe, expect, it } from 'vitest';

import { boxMesh } from '../mesh/shape-meshes.js';
import { meshPlausibility } from '../measure/mesh-plausibility.js';
import { readStl } from '../read/read-stl.js';
import { writeStl } from './write-stl.js';

describe('writeStl', () => {
  it('writes a triangle with its normal, as the loader of three reads it', () => {
    const bytes = writeStl({ positions: Float32Array.of(0, 0, 0, 2, 0, 0, 0, 3, 0), indices: Uint32Array.of(0, 1, 2) });
    expect(bytes.length).toBe(134);
    const { position, normal } = new STLLoader().parse(bytes.slice().buffer).attributes;
    expect([...position!.array]).toEqual([0, 0, 0, 2, 0, 0, 0, 3, 0]);
    expect([...normal!.array]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1]);
  });
  it('keeps a box: closed, outwards, of the same volume', () => {
    const box = boxMesh({ center: [1, 2, 3], size: [2, 3, 4] });
    const back = readStl(writeStl(box));
    expect(meshPlausibility(back)).toEqual(meshPlausibility(box));
    expect(back.positions).toHaveLength(24); // corners at the same place are one again
  });
  it('gives a triangle without area no normal, and refuses what is no mesh', () => {
    const flat = writeStl({ positions: Float32Array.of(1, 1, 1), indices: Uint32Array.of(0, 0, 0) });
    expect([...new Float32Array(flat.slice(84, 96).buffer)]).toEqual([0, 0, 0]);
    expect(() => writeStl({ positions: new Float32Array(), indices: new Uint32Array() })).toThrow(/expected a mesh with triangles/);
    expect(() => writeStl({ positions: Float32Array.of(NaN, 0, 0), indices: Uint32Array.of(0, 0, 0) })).toThrow(/finite positions/);
  });
});
