import { readFileSync } from 'node:fs';

import { rawToFloat32, readSafetensors, type RawTensor } from '@netspace/formats';

/** One tensor of `golden/data`, as numbers; labels and ClassIds (I64) too. */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** The tensors of one file of `golden/data`, by name. A missing name throws. */
export function goldenTensors(file: string): (name: string) => GoldenTensor {
  const { tensors } = readSafetensors(readFileSync(new URL(`../golden/data/${file}.safetensors`, import.meta.url)));
  return (name) => {
    const raw = tensors.get(name);
    if (raw === undefined) throw new Error(`goldenTensors: ${file}.safetensors has no tensor ${name}`);
    return { shape: raw.shape, values: numbers(raw) };
  };
}

const numbers = (raw: RawTensor): number[] => (raw.dtype === 'I64' ? Array.from(raw.data, Number) : [...rawToFloat32(raw)]);
