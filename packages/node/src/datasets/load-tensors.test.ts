import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeSafetensors } from '@netspace/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseDatasetSpec } from './dataset-spec.js';
import { loadTensors } from './load-tensors.js';

let folder = '';
const at = (name: string): string => join(folder, name);
const fixture = new URL('../../fixtures/images.npz', import.meta.url).pathname; // of real NumPy

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-load-tensors-'));
  await writeFile(at('table.csv'), 'a,species,price\n1,setosa,10\n2.5,virginica,20\n');
  await writeFile(at('holes.csv'), 'a,b\n1,2\n,3\n');
  await writeFile(at('empty.csv'), 'a,b\n');
  await writeFile(at('no-names.csv'), '5,0,1\n4,3,0\n');
  await writeFile(at('no-names-twice.csv'), '5,0,0\n4,3,0\n');
  await writeFile(at('semicolons.csv'), 'a;b\n1;2\n');
  await writeFile(at('index.csv'), ',a,b\n0,1,2\n');
  await writeFile(at('order.csv'), 'b,10,2\n1,2,3\n');
  await writeFile(at('pandas.csv'), '0,1,2\n7,8,9\n');
  await writeFile(at('half-train.csv'), 'a,b,price\n1,2,3\n');
  await writeFile(at('half-test.csv'), 'b,a,price\n2,1,3\n');
  await writeFile(at('alone-test.csv'), 'a,b\n1,2\n');
  await writeFile(at('rows.safetensors'), writeSafetensors(new Map([['x', { dtype: 'F32', shape: [1, 2], data: Float32Array.of(3, 4) }]])));
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadTensors', () => {
  it('reads named columns, tensors and arrays', async () => {
    expect(await loadTensors(at('table.csv'), { inputs: 'a', targets: 'price' })).toMatchObject({
      ...{ name: 'table.csv', count: 2, inputs: Float32Array.of(1, 2.5), targets: Float32Array.of(10, 20) },
    });
    expect(await loadTensors(at('rows.safetensors'))).toMatchObject({ inputs: Float32Array.of(3, 4), shape: [2] });
    expect(await loadTensors(fixture, { split: 'test' })).toMatchObject({ count: 24, shape: [1, 8, 8], classes: 8 });
  });
  it('keeps the order of the columns, also of names that are numbers', async () => {
    expect(await loadTensors(at('order.csv'))).toMatchObject({ inputs: Float32Array.of(1, 2, 3) });
    expect(await loadTensors(at('pandas.csv'))).toMatchObject({ inputs: Float32Array.of(7, 8, 9) });
    expect(await loadTensors(at('index.csv'), { inputs: ['b', 'a'] })).toMatchObject({ inputs: Float32Array.of(2, 1) });
  });
  it.each([
    ['table.csv', {}, /finite numbers in column species of .*, got "setosa" in row 1; number classes from 0/],
    ['table.csv', { inputs: 'a', labels: 'species' }, /column species/],
    ['holes.csv', {}, /column a of .*, got "" in row 2; .*fill in what is missing/],
    ['empty.csv', {}, /a line of names and rows/],
    ['no-names.csv', {}, /expected a line of names in .*, got the numbers 5, 0, 1; write names before the rows/],
    ['no-names-twice.csv', {}, /0 twice; write a line of names before the rows/],
    ['semicolons.csv', {}, /expected commas between the columns of .*, got "a;b"/],
    ['index.csv', {}, /expected a name for each column of .*to_csv\(index=False\)/],
    ['none.npz', {}, /expected a file of tensors at .*none\.npz, got no such file/],
    ['none.csv', {}, /expected a file of tensors at .*none\.csv, got no such file/],
    ['table.xlsx', {}, /\.npz, \.npy, \.safetensors, \.csv or \.csv\.gz/],
  ])('refuses %s with %j', async (name, options, words) => expect(loadTensors(at(name), options)).rejects.toThrow(words));
});

describe('the name of a file of tensors', () => {
  it('has its options behind it, and the half in its path', async () => {
    const load = (spec: string) => parseDatasetSpec(spec).load('train');
    expect(await load(`${at('table.csv')}#inputs=a,price#mean=1,10#std=2`)).toMatchObject({ inputs: Float32Array.of(0, 0, 0.75, 5) });
    expect(await load(`${fixture}#layout=channels-first#classes=10`)).toMatchObject({ count: 48, shape: [8, 8, 1], classes: 10 });
    await expect(load(at('half-{split}.csv#targets=price'))).rejects.toThrow(
      /one order in both files, got a in one where the other has b; name/,
    );
    expect(await load(at('half-{split}.csv#inputs=a,b#targets=price'))).toMatchObject({ inputs: Float32Array.of(1, 2) });
    expect(await parseDatasetSpec(at('alone-{split}.csv')).load('test')).toMatchObject({ count: 1 });
    await expect(load(at('{split}.csv'))).rejects.toThrow(/train\.csv/);
    expect(() => parseDatasetSpec(`${at('table.csv')}#target=price`)).toThrow(/unknown option target; did you mean targets\?/);
    expect(() => parseDatasetSpec(`${at('table.csv')}#targets`)).toThrow(/PATH#key=value/);
    expect(() => parseDatasetSpec(`${at('table.csv')}#classes=ten`)).toThrow(/classes to be a positive integer, got 'ten'/);
  });
});
