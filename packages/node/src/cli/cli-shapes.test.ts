// How the command builds zoos of shapes.
import { mkdir, readFile, writeFile } from 'node:fs/promises';

import { readSafetensors } from '@netspace/formats';
import { boxMesh } from '@netspace/shapes';
import { describe, expect, it } from 'vitest';

import { digitsRun, type ZooList } from './testing/digits-run.js';
import { inProcess, netspace } from './testing/in-process.js';

const at = digitsRun({ of: 'nothing' });

describe('netspace zoo build, of shapes', () => {
  it('builds a zoo of the meshes that can be read, says which cannot, and fails at the end', async () => {
    await mkdir(at('found'), { recursive: true });
    const cube = (side: number) =>
      ['0 0 0', '1 0 0', '0 1 0', '1 1 0', '0 0 1', '1 0 1', '0 1 1', '1 1 1']
        .map((xyz) => `v ${xyz.replaceAll('1', String(side))}\n`)
        .join('') + ['1 5 7 3', '2 4 8 6', '1 2 6 5', '3 7 8 4', '1 3 4 2', '5 6 8 7'].map((face) => `f ${face}\n`).join('');
    await writeFile(at('found', 'Stuhl ü.OBJ'), cube(40));
    await writeFile(at('found', 'bad.obj'), 'v 0 0\n');
    const recipe = { kind: 'shapes', meshes: at('found'), architecture: 'siren-3-8x1-1', samples: 100, steps: 2, batchSize: 50 };
    await writeFile(at('found.json'), JSON.stringify(recipe));
    const { code, stdout } = await inProcess('--json', 'zoo', 'build', at('found.json'), '--out', at('found-zoo'));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      added: 1,
      instances: [{ name: 'Stuhl-u' }],
      placed: [{ file: 'Stuhl ü.OBJ', offset: [20, 20, 20], scale: 1 / 40 }],
      problems: [{ file: 'bad.obj', problem: expect.stringMatching(/three coordinates, .* in line 1 of .*bad\.obj/) as string }],
    });
    const again = await inProcess('zoo', 'build', at('found.json'), '--out', at('found-zoo'));
    expect(again).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/0 instances added; 1 in .*; could not be read: "bad\.obj"/) as string,
    });

    await writeFile(at('found', 'Stuhl-ü.obj'), cube(1)); // two of one name are refused before any fit
    const twice = await inProcess('zoo', 'build', at('found.json'), '--out', at('none-zoo'));
    expect(twice).toMatchObject({ code: 1 });
    expect(twice.stderr).toMatch(/"Stuhl ü" and "Stuhl-ü", both stored as Stuhl-u; rename one/);
  });

  it('builds a zoo of seats made by rule, and refuses them beside meshes', async () => {
    const recipe = { kind: 'shapes', seats: { count: 2, seed: 3 }, architecture: 'siren-3-8x1-1', samples: 100, steps: 2, batchSize: 50 };
    await writeFile(at('seats.json'), JSON.stringify(recipe));
    const built = await netspace<ZooList>('zoo', 'build', at('seats.json'), '--out', at('seats'));
    expect(built.instances.map(({ name }) => name)).toEqual(['seat-3', 'seat-4']);
    await writeFile(at('listed.json'), JSON.stringify({ ...recipe, seats: [11, 3] }));
    const listed = await netspace<ZooList>('zoo', 'build', at('listed.json'), '--out', at('listed'));
    expect(listed.instances.map(({ name }) => name)).toEqual(['seat-11', 'seat-3']);
    const both = await inProcess('zoo', 'build', at('seats.json'), '--data', at('seats'), '--out', at('none'));
    expect(both.stderr).toMatch(/or seats in the recipe, got seats and the meshes in /);
    await writeFile(at('seats.json'), JSON.stringify({ ...recipe, seats: undefined }));
    expect((await inProcess('zoo', 'build', at('seats.json'), '--out', at('none'))).stderr).toMatch(/or seats in the recipe, got neither/);
  });

  it('builds a zoo of shapes, each fit from a network of an earlier one', async () => {
    await mkdir(at('meshes'));
    const { positions, indices } = boxMesh();
    const rows = (kind: string, values: ArrayLike<number>) =>
      Array.from({ length: values.length / 3 }, (_, i) => `${kind} ${values[3 * i]!} ${values[3 * i + 1]!} ${values[3 * i + 2]!}`);
    const faces = Array.from(indices, (index) => index + 1);
    await writeFile(at('meshes', 'box.obj'), [...rows('v', positions), ...rows('f', faces)].join('\n'));
    const shapes = { kind: 'shapes', meshes: at('meshes'), architecture: 'siren-3-8x1-1', samples: 100, steps: 2, batchSize: 50 };
    type Built = { readonly instances: readonly { readonly file: string }[] };
    const weightsOf = async (zoo: string, change: object) => {
      await writeFile(at('shapes.json'), JSON.stringify({ ...shapes, ...change }));
      const file = at(zoo, (await netspace<Built>('zoo', 'build', at('shapes.json'), '--out', at(zoo))).instances[0]!.file);
      // A zoo of one network: its shard is that network's file.
      return { file, values: [...readSafetensors(await readFile(file)).tensors.values()].flatMap(({ data }) => [...data].map(Number)) };
    };
    const distance = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    const first = await weightsOf('shapes', {});
    const further = await weightsOf('further', { start: at('shapes', 'box'), learningRate: 1e-6, seed: 1 });
    expect(distance(first.values, further.values)).toBeLessThan(1e-5);
    const other = await weightsOf('other', { learningRate: 1e-6, seed: 1 });
    expect(distance(first.values, other.values)).toBeGreaterThan(0.1);
    const task = { kind: 'sdf', near: 'targets', points: 'own', bounds: 0.5 };
    const sdf = { zoo: at('shapes'), space: { preset: 'tiny' }, task, batch: { nets: 1, inputs: 8 }, steps: 2, readEvery: 1 };
    await writeFile(at('sdf.json'), JSON.stringify(sdf));
    const learned = await netspace<{ losses: Record<string, number> }>('train', at('sdf.json'), '--out', at('sdf'));
    expect(learned.losses['loss']).toBeGreaterThan(0);
    await writeFile(at('shapes.json'), JSON.stringify({ ...shapes, start: at('nowhere.safetensors') }));
    expect((await inProcess('zoo', 'build', at('shapes.json'), '--out', at('none'))).stderr).toMatch(/expected a file at .*nowhere/);
  });
});
