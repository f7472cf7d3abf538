import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sampleSdf, windingNumbers } from '@netspace/shapes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadMesh, loadMeshFolder } from './load-mesh.js';
import { testData } from './test-data.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-mesh-'));
  await writeFile(join(folder, 'b.obj'), 'v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n');
  await writeFile(join(folder, 'a.obj'), 'v 0 0 0\nv 2 0 0\nv 0 2 0\nf 1 2 3\n');
  await writeFile(join(folder, 'README.md'), 'not a mesh');
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadMesh', () => {
  it('reads an OBJ file', async () => {
    expect([...(await loadMesh(join(folder, 'b.obj'))).indices]).toEqual([0, 1, 2]);
  });

  it('refuses a missing file, a folder and a file that is not OBJ, each naming its path', async () => {
    const refusal = async (path: string) => (await loadMesh(path).catch((error: unknown) => error)) as { code: string; message: string };
    expect(await refusal(join(folder, 'c.obj'))).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(join(folder, 'c.obj')),
    });
    expect(await refusal(folder)).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('loadMeshFolder') });
    const readme = join(folder, 'README.md');
    expect(await refusal(readme)).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('expected OBJ, PLY, STL or glTF'),
    });
  });
});

describe('loadMeshFolder', () => {
  it('reads the .obj files in the order of their names', async () => {
    const meshes = await loadMeshFolder(folder);
    expect(meshes.map(({ name, mesh }) => [name, mesh.positions[3]])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('refuses a missing folder and one without meshes', async () => {
    await expect(loadMeshFolder(join(folder, 'nowhere'))).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    const empty = await mkdtemp(join(tmpdir(), 'netspace-empty-'));
    await expect(loadMeshFolder(empty)).rejects.toThrow(/a folder with \.obj, .* files at .* got one without/);
    await rm(empty, { recursive: true });
  });

  it('reads the other files of a folder if one is bad, and says which', async () => {
    const mixed = await mkdtemp(join(tmpdir(), 'netspace-mixed-'));
    const triangle = 'v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n';
    const names = ['a.obj', 'UPPER.OBJ', 'Stuhl ü.obj', '椅子.obj'];
    for (const name of names) await writeFile(join(mixed, name), triangle);
    await writeFile(join(mixed, 'bad.obj'), 'v 0 0\n');
    await writeFile(join(mixed, 'bad.glb'), 'glTF');
    const meshes = await loadMeshFolder(mixed);
    expect(meshes.map(({ name }) => name)).toEqual(['Stuhl ü', 'UPPER', 'a', '椅子']);
    expect(meshes.problems.map(({ file, error }) => [file, error.code])).toEqual([
      ['bad.glb', 'CORRUPT_FILE'],
      ['bad.obj', 'CORRUPT_FILE'],
    ]);
    for (const name of names) await rm(join(mixed, name));
    await expect(loadMeshFolder(mixed)).rejects.toThrow(/bad\.glb/);
    await rm(mixed, { recursive: true });
  });

  it('reads the data beside a .gltf, and none elsewhere', async () => {
    const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
    await writeFile(join(folder, 'my data.bin'), positions);
    const document = (uri: string) => ({
      asset: { version: '2.0' },
      nodes: [{ mesh: 0 }],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
      accessors: [{ bufferView: 0, componentType: 5126, type: 'VEC3', count: 3 }],
      bufferViews: [{ buffer: 0, byteLength: 36 }],
      buffers: [{ byteLength: 36, uri }],
    });
    const path = join(folder, 'beside.gltf');
    await writeFile(path, JSON.stringify(document('my%20data.bin')));
    expect([...(await loadMesh(path)).positions]).toEqual([...positions]);
    for (const uri of ['../my data.bin', '/etc/passwd', '%2e%2e%2fmy data.bin', 'file:///etc/passwd', '..']) {
      await writeFile(path, JSON.stringify(document(uri)));
      await expect(loadMesh(path), uri).rejects.toThrow(/expected data in the folder of/);
    }
    await rm(path);
  });

  const data = testData('chairs');
  it.skipIf(data.missing)(`finds the facts of the real chairs' README${data.note}`, async () => {
    const table = new Map(
      (await readFile(join(data.path, 'README.md'), 'utf8'))
        .split('\n')
        .filter((line) => line.includes('.obj |'))
        .map((line) => line.split('|').map((cell) => cell.trim()))
        .map(([, file, vertices, triangles, , inside, highest]) => [file, [vertices, triangles, inside, highest].map(Number)] as const),
    );
    const chairs = await loadMeshFolder(data.path);
    expect(chairs).toHaveLength(29);
    for (const { name, mesh } of chairs) {
      const [vertices, triangles, inside, highest] = table.get(`${name}.obj`)!;
      expect([mesh.positions.length / 3, mesh.indices.length / 3], name).toEqual([vertices, triangles]);
      expect(mesh, name).toMatchObject({ offset: [0, 0, 0], scale: 1, report: { degenerateFaces: 0, weldedVertices: 0, warnings: [] } });
      const { points } = await sampleSdf(mesh, { count: 1000, seed: 0, nearSurface: 0 }); // even in the 5% larger box
      const numbers = windingNumbers(mesh, points);
      expect(
        numbers.every((number) => Math.abs(number - Math.round(number)) < 1e-6),
        `${name} is closed`,
      ).toBe(true);
      expect(Math.max(...numbers), name).toBeLessThanOrEqual(highest! + 1); // rare overlaps may be missed, there or here
      const share = numbers.filter((number) => number > 0.5).length / 1000;
      expect(Math.abs(share - inside!), `${name} inside`).toBeLessThan(4 * Math.sqrt((inside! * (1 - inside!)) / 1000) + 0.005); // four standard errors
    }
  });
});
