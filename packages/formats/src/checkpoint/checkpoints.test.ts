import { readdirSync, readFileSync } from 'node:fs';

import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import type { Architecture } from '@netspace/prep';
import { toTorchOrder } from '@netspace/prep/internal';
import { readPyTorchCheckpoint } from '../pytorch/checkpoint.js';
import { readSafetensors } from '../safetensors/safetensors.js';
import { readCheckpoint } from './read-checkpoint.js';
import { instanceFromCheckpoint, type InstanceFromCheckpointOptions } from './instance-from-checkpoint.js';

// Made by PyTorch itself, which also computed the parameters: fixtures/make-checkpoints.py.
const folder = new URL('../../fixtures/checkpoints/', import.meta.url);
const { networks } = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as { networks: Record<string, number[][]> };
const files = readdirSync(folder).filter((name) => name !== 'expected.json');
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name.includes('.') ? name : `${name}.pt`, folder)));

const network: Architecture<'net'> = {
  name: 'net',
  parameters: [
    { name: 'conv.weight', shape: [3, 2, 2, 2], tensorAxes: [2, 3, 1, 0] },
    { name: 'conv.bias', shape: [3] },
    { name: 'fc.weight', shape: [2, 3], tensorAxes: [1, 0] },
    { name: 'fc.bias', shape: [2] },
  ],
  batchNorms: [{ weight: 'conv.weight', bias: 'conv.bias', convolution: 'conv', norm: 'bn' }],
  apply: (_, x) => x,
};
const read = (name: string, options?: InstanceFromCheckpointOptions) => instanceFromCheckpoint(network, bytesOf(name), options);

/** What is refused as a network, and how it can be brought in. */
const REFUSED: Record<string, { code: string; message: RegExp; way?: InstanceFromCheckpointOptions }> = {
  'sparse-weight': { code: 'UNSUPPORTED', message: /fc\.weight of net, got a sparse tensor/ },
  'meta-weight': { code: 'UNSUPPORTED', message: /fc\.weight of net, got a meta tensor, which has no values/ },
  'array-weight': { code: 'UNSUPPORTED', message: /fc\.weight of net, got a NumPy array/ },
  'complex-weight': { code: 'UNSUPPORTED', message: /got C64/ },
  'float8-weight': { code: 'UNSUPPORTED', message: /got F8_E4M3/ },
  'integer-weight': { code: 'UNSUPPORTED', message: /floating-point weights in fc\.weight, got I8; dequantize/ },
  unsigned: {
    code: 'NOT_FOUND',
    message: /expected a tensor conv\.weight for net, got 2 others \(a, b\); give them its names with rename/,
  },
  orthogonal: { code: 'UNSUPPORTED', message: /fc\.weight as weight norm or spectral norm, got another parametrization/ },
  'two-networks': {
    code: 'INVALID_OPTION',
    message: /got it under 'model\.', 'ema\.' with different values; say which with prefix/,
    way: { prefix: 'model.' },
  },
  'two-prefixes': {
    code: 'INVALID_OPTION',
    message: /'student\.', 'teacher\.'/,
    way: { rename: [['student.*', '*']], ignore: ['teacher.*'], prefix: '' },
  },
  'left-over': { code: 'UNSUPPORTED', message: /2 tensors more: head\.weight, head\.bias/, way: { ignore: ['head.*'] } },
};

describeOnRuntimes(
  'instanceFromCheckpoint on files of PyTorch',
  () => {
    const expectNetwork = (name: string, options?: InstanceFromCheckpointOptions) => {
      const { parameters } = read(name, options);
      networks[name.replace('.safetensors', '')]!.forEach((values, i) => {
        const got = tf.reshape(toTorchOrder(parameters[i]!, network.parameters[i]!), [-1]).dataSync();
        expectClose(got, Float32Array.from(values), 2e-7);
      });
    };
    it('covers every file', () => expect(files.length).toBeGreaterThan(65));
    it.each(files.map((file) => file.replace('.pt', '')).filter((name) => !(name in REFUSED)))('reads %s as PyTorch computes it', (name) =>
      expectNetwork(name),
    );
    it.each(Object.keys(REFUSED))('refuses %s, saying why', (name) => {
      const { code, message } = REFUSED[name]!;
      expect(() => read(name)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
    });
    it.each(Object.keys(REFUSED).filter((name) => REFUSED[name]!.way !== undefined))('reads %s with the option that it names', (name) =>
      expectNetwork(name, REFUSED[name]!.way),
    );
    it('names what it leaves aside, and reads the rest', () => {
      const { leftAside, size } = readPyTorchCheckpoint(bytesOf('odd-tensors'));
      expect(Object.fromEntries(leftAside)).toEqual({
        'state_dict.sparse': 'a sparse tensor',
        'state_dict.csr': 'a sparse tensor',
        'state_dict.meta': 'a meta tensor, which has no values',
        'state_dict.complex128': 'a tensor of complex128',
        'state_dict.nested_tensor': 'a nested tensor',
        array: 'a NumPy array',
      });
      expect(size).toBe(6);
      expect(readPyTorchCheckpoint(bytesOf('odd-tensors')).get('state_dict.conjugated')).toEqual({
        dtype: 'C64',
        shape: [1],
        data: Float32Array.of(1, -2),
      });
    });
    it('keeps tensors of keys that Python tells apart', () => {
      const tensors = readPyTorchCheckpoint(bytesOf('beside'));
      expect(tensors.get('2#2')?.data).toEqual(Float32Array.of(1));
    });
    it('reads unsigned integers', () => {
      const tensors = readPyTorchCheckpoint(bytesOf('unsigned'));
      expect(tensors.get('a')).toEqual({ dtype: 'U16', shape: [2], data: Uint16Array.of(1, 65535) });
      expect(tensors.get('b')).toEqual({ dtype: 'U32', shape: [1], data: Uint32Array.of(4e9) });
    });
    it.each([readCheckpoint, readPyTorchCheckpoint, readSafetensors])(
      'refuses a path and an ArrayBuffer, and says what to pass: %o',
      (read) => {
        const untyped = read as (bytes?: unknown) => unknown;
        expect(() => untyped('net.pt')).toThrow(/the bytes of a file as a Uint8Array, got 'net\.pt'; read the file first/);
        expect(() => untyped(new ArrayBuffer(8))).toThrow(/got an ArrayBuffer; wrap it in new Uint8Array\(buffer\)/);
      },
    );
    it('folds with another epsilon on request', () => {
      const [one, other] = [read('norm'), read('norm', { epsilon: 1 })].map(({ parameters }) => parameters[0]!.dataSync());
      expect(one).not.toEqual(other);
    });
    it.each<[InstanceFromCheckpointOptions, RegExp]>([
      [{ rename: { nothing: 'fc.bias' } }, /rename of names that are there, got 'nothing'/],
      [{ rename: [[/^fc\.(weight|bias)$/, 'fc.weight']] }, /got fc\.weight for fc\.weight and fc\.bias/],
      [{ epsilon: -1 }, /epsilon to be a number from 0 up, got -1/],
      [{ prefix: 'model.' }, /expected a tensor conv\.weight for net under 'model\.'/],
    ])('refuses the options %j', (options, message) => {
      expect(() => read('protocol-2', options)).toThrow(message);
    });
  },
  { runtimes: ['cpu'] },
);
