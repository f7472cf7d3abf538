import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { readSafetensors, writeSafetensors } from './safetensors.js';

const golden = (name: string) => readFileSync(new URL(`../../../golden/data/${name}.safetensors`, import.meta.url));

describe('readSafetensors', () => {
  it('reads a file that PyTorch users wrote', () => {
    const { tensors } = readSafetensors(golden('nets'));
    expect(tensors.get('lenetlike-cifar10/conv1.weight')).toMatchObject({ dtype: 'F32', shape: [6, 3, 5, 5] });
  });
  it('gives back what writeSafetensors wrote', () => {
    const { tensors } = readSafetensors(golden('optim'));
    expect(readSafetensors(writeSafetensors(tensors, { metadata: { a: 'b' } }))).toEqual({ tensors, metadata: { a: 'b' } });
  });
});
