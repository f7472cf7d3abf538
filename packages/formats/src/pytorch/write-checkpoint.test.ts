import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { RawTensor } from '../raw-tensor.js';
import { readPyTorchCheckpoint } from './checkpoint.js';
import { writePyTorchCheckpoint } from './write-checkpoint.js';

const tensors = new Map<string, RawTensor>([
  ['fc.weight', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['größe', { dtype: 'F16', shape: [1], data: Uint16Array.of(0x3c00) }],
  ['count', { dtype: 'I64', shape: [], data: BigInt64Array.of(-7n) }],
  ['empty', { dtype: 'F64', shape: [0, 4], data: new Float64Array() }],
  ['mask', { dtype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) }],
]);

/** Debian's Python has PyTorch where CI installs it. */
function pythonWithTorch(): string | undefined {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import torch'], { stdio: 'ignore' });
    return '/usr/bin/python3';
  } catch {
    return undefined;
  }
}

describe('writePyTorchCheckpoint', () => {
  it('writes what readPyTorchCheckpoint reads', () => {
    const read = readPyTorchCheckpoint(writePyTorchCheckpoint(tensors));
    expect([...read]).toEqual([...tensors]);
  });

  const python = pythonWithTorch();
  it.skipIf(python === undefined)('writes what PyTorch reads', () => {
    const folder = mkdtempSync(join(tmpdir(), 'netspace-pt-'));
    try {
      const path = join(folder, 'net.pt');
      writeFileSync(path, writePyTorchCheckpoint(tensors));
      const program = `import torch; d = torch.load(${JSON.stringify(path)}); print([(k, str(v.dtype), list(v.shape), v.tolist()) for k, v in d.items()])`;
      expect(execFileSync(python!, ['-c', program], { encoding: 'utf8' }).trim()).toBe(
        "[('fc.weight', 'torch.float32', [2, 3], [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), ('größe', 'torch.float16', [1], [1.0]), ('count', 'torch.int64', [], -7), ('empty', 'torch.float64', [0, 4], []), ('mask', 'torch.bool', [2], [True, False])]",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses a shape that its data does not fit, and types that PyTorch has not', () => {
    const wrong = new Map<string, RawTensor>([['w', { dtype: 'F32', shape: [3], data: Float32Array.of(1) }]]);
    expect(() => writePyTorchCheckpoint(wrong)).toThrow(/expected 3 values in w/);
    const strange = new Map<string, RawTensor>([['w', { dtype: 'F4', shape: [2], data: Uint8Array.of(1) }]]);
    expect(() => writePyTorchCheckpoint(strange)).toThrow(/write it as safetensors/);
  });
});
