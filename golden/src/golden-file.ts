import { rawToFloat32, readSafetensors, type RawTensor } from '@netspace/formats';
import * as tf from '@tensorflow/tfjs-core';

import type { Expectation } from './expectation.js';

/** The parts of a checksum; together they stand for one tensor. */
const CHECKSUM_PARTS = ['#shape', '#stats', '#idx', '#val'] as const;

/** The tensors of one file, and which of them nobody has asked for yet. A tensor is known by its name without `#…`. */
export interface GoldenFile {
  /** All names, in the file's order. */
  readonly names: readonly string[];
  has(name: string): boolean;
  shape(name: string): readonly number[];
  /** Values to compare with. */
  expectation(name: string): Expectation;
  /** A stored tensor as it is. */
  raw(name: string): RawTensor;
  /** The numbers of a stored tensor; whole numbers (I64) too. */
  numbers(name: string): number[];
  /** A stored tensor, PyTorch's axis order; the caller owns it. */
  tensor<R extends tf.Rank>(name: string): tf.Tensor<R>;
  /** Counts a tensor as dealt with. */
  markUsed(name: string): void;
  unused(): string[];
}

/** Opens a safetensors file's content; throws what `readSafetensors` throws. */
export function openGoldenFile(fileName: string, bytes: Uint8Array): GoldenFile {
  const { tensors } = readSafetensors(bytes);
  const names = [...new Set([...tensors.keys()].map((key) => key.replace(/#.*$/, '')))];
  const used = new Set<string>();
  const part = (key: string): RawTensor => {
    const raw = tensors.get(key);
    if (raw === undefined) throw new Error(`${fileName}: expected a tensor ${key}, got none`);
    return raw;
  };
  const isChecksum = (name: string): boolean => !tensors.has(name) && tensors.has(`${name}#shape`);
  const file: GoldenFile = {
    names,
    has: (name) => tensors.has(name) || isChecksum(name),
    shape: (name) => (isChecksum(name) ? numbersOf(part(`${name}#shape`)) : part(name).shape),
    expectation(name) {
      used.add(name);
      if (!isChecksum(name)) return { kind: 'whole', shape: part(name).shape, values: numbersOf(part(name)) };
      const [shape, stats, indices, values] = CHECKSUM_PARTS.map((suffix) => numbersOf(part(name + suffix)));
      const [mean = NaN, std = NaN, absoluteSum = NaN] = stats!;
      return { kind: 'checksum', shape: shape!, mean, std, absoluteSum, indices: indices!, values: values! };
    },
    raw(name) {
      used.add(name);
      return part(name);
    },
    numbers: (name) => numbersOf(file.raw(name)),
    tensor<R extends tf.Rank>(name: string) {
      const raw = file.raw(name);
      return tf.tensor<R>(rawToFloat32(raw), [...raw.shape] as tf.ShapeMap[R], 'float32');
    },
    markUsed: (name) => used.add(name),
    unused: () => names.filter((name) => !used.has(name)),
  };
  return file;
}

const numbersOf = (raw: RawTensor): number[] => (raw.dtype === 'I64' ? Array.from(raw.data, Number) : Array.from(rawToFloat32(raw)));
