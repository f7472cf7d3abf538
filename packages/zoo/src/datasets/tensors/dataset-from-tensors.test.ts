import type { RawTensor } from '@netspace/formats';
import { describe, expect, it } from 'vitest';

import { checkInputs } from './check-inputs.js';
import { datasetFromTensors, type DatasetFromTensorsOptions } from './dataset-from-tensors.js';

const f32 = (shape: readonly number[], values?: readonly number[]): RawTensor => {
  const size = shape.reduce((product, side) => product * side, 1);
  return { dtype: 'F32', shape, data: Float32Array.from(values ?? Array.from({ length: size }, (_, i) => i)) };
};
const u8 = (shape: readonly number[], values: readonly number[]): RawTensor => ({ dtype: 'U8', shape, data: Uint8Array.from(values) });
const read = (tensors: Readonly<Record<string, RawTensor>>, options: Omit<DatasetFromTensorsOptions, 'name'> = {}) =>
  datasetFromTensors(new Map(Object.entries(tensors)), { name: 'file', ...options });

describe('datasetFromTensors', () => {
  it.each([
    ['x and y of integers', { x: f32([2, 3]), y: u8([2], [1, 0]) }, {}, { shape: [3], classes: 2, labels: Uint8Array.of(1, 0) }],
    ['X and y of floating point', { X: f32([2, 3]), y: f32([2]) }, {}, { shape: [3], targetShape: [1], targets: Float32Array.of(0, 1) }],
    ['one tensor', { a: f32([4, 2]) }, {}, { count: 4, shape: [2] }],
    ['columns', { a: f32([2], [1, 2]), b: f32([2], [3, 4]), label: f32([2], [0, 2]) }, {}, { inputs: Float32Array.of(1, 3, 2, 4), classes: 3 }], // prettier-ignore
    ['columns that are named', { a: f32([2]), b: f32([2]), c: f32([2]) }, { inputs: ['c', 'a'], targets: 'b' }, { shape: [2], targetShape: [1] }], // prettier-ignore
    ['a y that is an input', { x: f32([2]), y: f32([2]), z: f32([2]) }, { inputs: ['x', 'y'], targets: 'z' }, { shape: [2] }],
    ['one-hot free labels of one column', { x: f32([2, 1]), labels: u8([2, 1], [3, 0]) }, { classes: 9 }, { classes: 9 }],
  ] as const)('finds %s', (_, tensors, options, expected) => expect(read(tensors, options)).toMatchObject(expected));

  it('takes the half that is wanted, with the classes of both', () => {
    const tensors = { x_train: f32([2, 1]), y_train: u8([2], [4, 1]), x_test: f32([1, 1], [9]), y_test: u8([1], [0]) };
    expect(read(tensors, { split: 'test' })).toMatchObject({ inputs: Float32Array.of(9), classes: 5 });
    expect(read(tensors, { split: 'train' })).toMatchObject({ count: 2, classes: 5 });
    const medical = { train_images: f32([1, 2, 2]), test_images: f32([3, 2, 2]), train_labels: u8([1, 1], [0]), test_labels: u8([3, 1], [0, 1, 0]) }; // prettier-ignore
    expect(read(medical, { split: 'test', shape: [2, 2, 1] })).toMatchObject({ count: 3, shape: [2, 2, 1] });
  });
  it('gives inputs that are named the answers of their half', () => {
    const tensors = { x_train: f32([2, 1]), y_train: u8([2], [4, 1]), x_test: f32([2, 1]), y_test: u8([2], [0, 3]) };
    expect(read(tensors, { split: 'test', inputs: 'x_train' })).toMatchObject({ labels: Uint8Array.of(4, 1) });
    expect(read({ test_score: f32([2]), b: f32([2]) }, { split: 'train' })).toMatchObject({ shape: [2] }); // a column as others
  });
  it('puts the channels of images last, and scales them', () => {
    const image = u8([1, 2, 1, 2], [0, 51, 255, 102]); // two channels of two pixels
    const { inputs, shape } = read({ images: image }, { layout: 'channels-first', mean: [0, 51], std: [51, 51] });
    expect([shape, [...inputs]]).toEqual([[1, 2, 2], [0, 4, 1, 1]]); // prettier-ignore
  });
  const image = f32([2, 3, 2, 1]); // three channels of two pixels
  const several = { image, tokens_train: u8([2, 2], [1, 2, 3, 4]), tokens_test: u8([2, 2], [5, 6, 7, 8]), age: f32([2], [10, 20]), y_train: f32([2]) }; // prettier-ignore
  it('puts the inputs of networks of several side by side, in the order of their names', () => {
    const tokens: RawTensor = { dtype: 'I64', shape: [2, 2], data: BigInt64Array.of(1n, 2n, 3n, 4n) };
    const data = read(
      { ...several, tokens_train: tokens },
      { feeds: ['tokens', 'image', 'age'], layout: 'channels-first', split: 'train' },
    );
    expect(data).toMatchObject({
      parts: [{ name: 'age', shape: [1] }, { name: 'image', shape: [2, 1, 3], dtype: 'float32' }, { name: 'tokens', shape: [2], dtype: 'int32' }], // prettier-ignore
      ...{ count: 2, shape: [9], targetShape: [1] },
      inputs: Float32Array.of(10, 0, 2, 4, 1, 3, 5, 1, 2, 20, 6, 8, 10, 7, 9, 11, 3, 4),
    });
  });
  it.each([
    [{ feeds: ['age', 'text'] }, /expected text among .* got no such tensor/],
    [{ feeds: ['age', 'age'] }, /each of feeds once, got age twice/],
    [{ feeds: ['age', 'image'], inputs: 'age' }, /no inputs with feeds, which names them/],
    [{ feeds: ['age', 'image'], std: [2] }, /no std with feeds \(save the tensors as the network takes them\)/],
    [{ feeds: ['age', 'y_train'], targets: 'y_train' }, /as inputs or as what networks should give, got both/],
    [{ feeds: ['age'] }, /feeds/],
    [{ feeds: ['age', 'tokens'], split: 'train' }, /expected images as floating-point numbers, and tokens as wider integers, with feeds, got bytes \[N, 2, 1\] in tokens_train/], // prettier-ignore
  ] as const)('refuses %j of several inputs', (options, words) => {
    const bytes = { ...several, tokens_train: u8([2, 2, 1], [1, 2, 3, 4]) };
    expect(() => read(bytes, options)).toThrow(words);
  });
  it('gives tokens as whole numbers', () => {
    expect(read({ tokens: u8([2, 2], [1, 2, 3, 4]) }, { dtype: 'int32' }).inputs).toEqual(Int32Array.of(1, 2, 3, 4));
    expect(() => read({ a: f32([1], [0.5]) }, { dtype: 'int32' })).toThrow(/whole numbers .* got 0\.5/);
  });

  it.each([
    [
      { a: f32([2, 3]), b: f32([2, 3]) },
      {},
      /expected inputs, x, images or coordinates .* got a \[2,3\], b \[2,3\]; say which: inputs=NAME/,
    ],
    [{ x: f32([2, 3]) }, { labels: 'z' }, /expected z among x \[2,3\] of file/],
    [{ x: f32([2, 3]), y: f32([3]) }, {}, /expected 2 targets for the inputs \(x\) of file, got 3/],
    [{ x: f32([1, 2], [1, NaN]) }, {}, /finite inputs in file, got NaN in row 0/],
    [{ x: f32([1, 1]), y: f32([1], [Infinity]) }, {}, /finite targets in file, got Infinity/],
    [{ x: f32([2, 1]), labels: f32([2], [0, 0.5]) }, {}, /class numbers from 0 up in labels of file, got 0\.5 in row 1/],
    [{ x: f32([2, 1]), labels: f32([2, 3]) }, {}, /take the arg-max of one-hot labels/],
    [{ images: u8([1, 2, 2], [1, 2, 3, 4]) }, {}, /expected std with images of bytes .* std 255 feeds 0 to 1/],
    [{ images: u8([1, 4], [1, 2, 3, 4]) }, { shape: [2, 2, 1] }, /expected std with images of bytes/],
    [{ images: u8([1, 2, 2], [1, 2, 3, 4]) }, { mean: [0.1307], std: [0.3081] }, /both times 255: mean 33\.3285 and std 78\.5655$/],
    [
      { x: f32([3, 1]), labels: f32([3], [1, 3, 2]) },
      {},
      /class numbers from 0 up in labels of file, got 1 to 3; subtract 1 from each, or say .*classes=4/,
    ],
    [
      { x: f32([3, 1]), labels: f32([3], [1, 3, 2]) },
      { classes: 3 },
      /class numbers below 3 in labels of file, got 3 in row 1; the labels go from 1: subtract 1/,
    ],
    [{ x: f32([2, 1]), labels: f32([2], [1, 256]) }, { classes: 10 }, /class numbers below 10 in labels of file, got 256 in row 1/],
    [{ x_train: f32([2, 3]) }, { split: 'test' }, /expected inputs, .* got x_train \[2,3\]/],
    [{ x: f32([2, 3]) }, { shape: [2, 2] }, /a shape of 3 numbers for inputs of \[3\]/],
    [{ x: f32([2, 3]) }, { std: [1, 2] }, /one std, or one for each of 3 channels of file, got 2/],
    [{ x: f32([2, 3]) }, { std: [0] }, /std above 0/],
    [{ x: f32([2, 3]) }, { layout: 'channels-first' }, /leave layout out/],
    [{ x: f32([2, 3]) }, { inputs: 'x', targets: 'x' }, /expected x of file as inputs or as what networks should give, got both/],
  ] as const)('refuses %j with %j', (tensors, options, words) => expect(() => read(tensors, options)).toThrow(words));
});

describe('checkInputs', () => {
  const net = (shape: readonly (number | null)[], dtype: 'float32' | 'int32' = 'float32') => ({
    name: 'net',
    inputs: [{ name: 'x', shape, dtype }],
  });
  it.each([
    [
      [null, 2, 1, 3],
      f32([1, 3, 2, 1]),
      /expected \[N, 2, 1, 3\] of float32 for the input x of net, got \[N, 3, 2, 1\] .* layout channels-first/,
    ],
    [[null, 2, 2, 1], f32([1, 2, 2]), /the same numbers fit with shape 2,2,1/],
    [[null, 5], f32([1, 4]), /choose its tensor or columns: inputs/],
  ] as const)('says how data fit an input of %j', (shape, tensor, words) => {
    expect(() => checkInputs('train', net(shape), read({ x: tensor }))).toThrow(words);
  });
  it('says so for tokens', () => {
    expect(() => checkInputs('train', net([null, 2], 'int32'), read({ x: f32([1, 2]) }))).toThrow(/dtype int32/);
  });
  it('takes one tensor for each input of a network of several, and says which are missing', () => {
    const end = (name: string, sides: readonly (number | null)[], dtype: 'float32' | 'int32' = 'float32') => ({ name, shape: [null, ...sides], dtype }); // prettier-ignore
    const two = { name: 'two', inputs: [end('b', [null], 'int32'), end('a', [])] };
    const data = read({ a: f32([2]), b: u8([2, 3], [1, 2, 3, 4, 5, 6]) }, { feeds: ['a', 'b'] });
    checkInputs('train', two, data);
    expect(() => checkInputs('train', two, read({ x: f32([1, 1]) }))).toThrow(
      /expected inputs a, b for two, got one input in file; .* feeds=a,b/,
    );
    expect(() => checkInputs('train', net([null, 2]), data)).toThrow(/expected one input for net, got a, b in file; .* inputs=NAME/);
    expect(() => checkInputs('train', { name: 'silent' }, data)).toThrow(/expected one input for silent, got a, b/);
    expect(() => checkInputs('train', two, read({ a: f32([2]), b: f32([2, 3]) }, { feeds: ['a', 'b'] }))).toThrow(/whole numbers for the input b of two/); // prettier-ignore
    const wrong = { name: 'two', inputs: [end('a', []), end('b', [4])] };
    expect(() => checkInputs('train', wrong, data)).toThrow(/train: in file expected \[N, 4\] for the input b of two, got \[N, 3\]/);
  });
  it('lets sizes that may change be any', () => checkInputs('train', net([null, null, 3]), read({ x: f32([1, 7, 3]) })));
});
