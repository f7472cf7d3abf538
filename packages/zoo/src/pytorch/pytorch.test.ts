import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { instanceFromCheckpoint, instanceToRawTensors, rawToFloat32, readPyTorchCheckpoint, writeSafetensors } from '@netspace/formats';
import type { Instance } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { architectureByName } from '../architectures/by-name.js';
import { initialize } from '../initialize.js';

// Made by PyTorch with pytorch/netspace_zoo.py: fixtures/make-networks.py.
const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
/** The Python that has PyTorch: that of the path, or Debian's own, behind which another may come first in the path. */
const python = [process.env['NETSPACE_PYTHON'] ?? 'python3', '/usr/bin/python3'].find(
  (candidate) => spawnSync(candidate, ['-c', 'import torch']).status === 0,
);
const LIVE = [
  'lenet-like-3x32x32-10',
  'vanilla-cnn-3x32x32-10',
  'vanilla-cnn-3x64x64-20',
  'resnet8-3x32x32-10',
  'resnet20-3x64x64-7-w0.3',
  'siren-3-256x1-1',
];

/** Reads a network and compares its outputs with those that PyTorch saved beside it. */
function expectSameOutputs(file: string, name: string): void {
  const bytes = new Uint8Array(readFileSync(file));
  expectOutputs(instanceFromCheckpoint(architectureByName(name), bytes), bytes);
}

/** Compares a network's outputs with those that PyTorch saved. */
function expectOutputs({ architecture, parameters }: Instance, saved: Uint8Array): void {
  const tensors = readPyTorchCheckpoint(saved);
  const [input, output] = [tensors.get('input')!, tensors.get('output')!];
  const x = tf.tensor(rawToFloat32(input), [...input.shape]);
  const got = architecture.apply(parameters, x.rank === 4 ? tf.transpose(x, [0, 2, 3, 1]) : x);
  expect(got.shape).toEqual(output.shape);
  expectClose(got.dataSync(), rawToFloat32(output), 2e-5);
}

describeOnRuntimes('a state dict of netspace_zoo.py', () => {
  it.each(readdirSync(join(fixtures, 'pytorch')))('computes here what it computes in PyTorch: %s', (file) => {
    expectSameOutputs(join(fixtures, 'pytorch', file), file.replace(/\.pt$/, ''));
  });
});

// At full size on one runtime: the other would compute for seconds what it has computed above.
const suiteAtFullSize = (): void => {
  it.skipIf(python === undefined)('does so for every family at its full size, with the PyTorch of this machine', () => {
    const folder = mkdtempSync(join(tmpdir(), 'netspace-zoo-'));
    const { status, stderr } = spawnSync(python!, [join(fixtures, 'make-networks.py'), folder, '7', ...LIVE], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    for (const name of LIVE) expectSameOutputs(join(folder, `${name}.pt`), name);
    rmSync(folder, { recursive: true });
  });
  it.skipIf(python === undefined)(
    'loads in build(name, folded=True) what is written here, every name and shape, and computes the same',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'netspace-zoo-'));
      const instances = LIVE.map((name): Instance => {
        const architecture = architectureByName(name);
        return { architecture, parameters: initialize(architecture.parameters, { seed: 3 }) };
      });
      for (const [i, instance] of instances.entries()) {
        writeFileSync(join(folder, `${LIVE[i]!}.safetensors`), writeSafetensors(await instanceToRawTensors(instance)));
      }
      const { status, stderr } = spawnSync(python!, [join(fixtures, 'run-networks.py'), folder, '8', ...LIVE], { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      for (const [i, instance] of instances.entries())
        expectOutputs(instance, new Uint8Array(readFileSync(join(folder, `${LIVE[i]!}.pt`))));
      rmSync(folder, { recursive: true });
    },
  );
};
describeOnRuntimes('a state dict of netspace_zoo.py at full size', suiteAtFullSize, { runtimes: ['wasm'] });
