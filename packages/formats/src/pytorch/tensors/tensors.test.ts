import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { rawToFloat32, type RawTensor } from '../../raw-tensor.js';
import { readPyTorchCheckpoint } from '../checkpoint.js';

interface Case {
  readonly name: string;
  /** In base64. */
  readonly file: string;
  /** What PyTorch reads: see fixtures/make-tensors.py. Complex numbers are their parts in turn. */
  readonly tensors: Readonly<Record<string, readonly [dtype: string, shape: readonly number[], values: readonly number[]]>>;
  /** What cannot be read, and why. */
  readonly aside: Readonly<Record<string, string>>;
}

const lines = readFileSync(new URL('../../../fixtures/tensors.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const cases = lines.map((line) => JSON.parse(line) as Case);
const described = (raw: RawTensor) => [raw.dtype, raw.shape, [...(raw.dtype === 'C64' ? raw.data : rawToFloat32(raw))]];

describe('readPyTorchCheckpoint', () => {
  it.each(cases)('reads $name as PyTorch does', ({ file, tensors, aside }) => {
    const read = readPyTorchCheckpoint(new Uint8Array(Buffer.from(file, 'base64')));
    expect(Object.fromEntries(read.leftAside)).toEqual(aside);
    expect(Object.fromEntries([...read].map(([name, raw]) => [name, described(raw)]))).toEqual(
      Object.fromEntries(
        Object.entries(tensors).map(([name, [dtype, shape, values]]) => [name, [dtype, shape, [...Float32Array.from(values)]]]),
      ),
    );
  });
});
