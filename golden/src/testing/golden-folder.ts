import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readSafetensors, writeSafetensors, type RawTensor } from '@netspace/formats';

import { statistics } from '../expectation.js';

/** A folder of vectors in memory: the manifest's fields but `files`, and each file's tensors. */
export interface GoldenFolder {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, ReadonlyMap<string, RawTensor>>>;
}

export function readFolder(directory: string): GoldenFolder {
  const files = readdirSync(directory).filter((name) => name.endsWith('.safetensors'));
  return {
    manifest: JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')),
    files: Object.fromEntries(
      files.map((name) => [name.replace('.safetensors', ''), readSafetensors(readFileSync(join(directory, name))).tensors]),
    ),
  };
}

/** Writes files and a manifest that lists them with their sizes and hashes. */
export function writeFolder(directory: string, { manifest, files }: GoldenFolder): void {
  const listed = Object.entries(files).map(([name, tensors]) => {
    const bytes = writeSafetensors(tensors);
    writeFileSync(join(directory, `${name}.safetensors`), bytes);
    return [`${name}.safetensors`, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }];
  });
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...manifest, files: Object.fromEntries(listed) }));
}

export const f32 = (shape: readonly number[], data: ArrayLike<number>): RawTensor => ({
  dtype: 'F32',
  shape,
  data: Float32Array.from(data),
});

export const i64 = (shape: readonly number[], data: readonly number[]): RawTensor => ({
  dtype: 'I64',
  shape,
  data: BigInt64Array.from(data, BigInt),
});

/** The four tensors that stand for one: shape, statistics, some places and their values. */
export function checksum(name: string, shape: readonly number[], data: ArrayLike<number>): [string, RawTensor][] {
  const { mean, std, absoluteSum } = statistics(data);
  const step = Math.max(1, Math.floor(data.length / 61));
  const indices = Array.from({ length: Math.ceil(data.length / step) }, (_, i) => i * step);
  return [
    [`${name}#shape`, i64([shape.length], shape)],
    [`${name}#stats`, f32([3], [mean, std, absoluteSum])],
    [`${name}#idx`, i64([indices.length], indices)],
    [`${name}#val`, f32([indices.length], indices.map((index) => data[index]!))], // prettier-ignore
  ];
}
