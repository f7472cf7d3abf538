import { instanceToRawTensors, readNpy, readNpz, readPyTorchCheckpoint, readSafetensors, writeSafetensors } from '@netspace/formats';

import { checkTensors } from '../contradiction.js';
import { fixtures, type FuzzReader, type Readers } from './fuzz-reader.js';
import { instanceOf } from './small-network.js';

/** Files that PyTorch and NumPy wrote. */
const fixtureFolder = new URL('../../../packages/formats/fixtures/', import.meta.url);
const checkpointFolder = new URL('checkpoints/', fixtureFolder);

/** A reader of checkpoints of PyTorch: `wanted` chooses among the fixtures. */
const pytorch = async (wanted: RegExp, folder = fixtureFolder): Promise<FuzzReader> => ({
  seeds: await fixtures(wanted, folder),
  read: (bytes) => checkTensors(readPyTorchCheckpoint(bytes)),
});

/** Files of tensors: safetensors, PyTorch, NumPy. */
export const weightReaders: Readers = {
  safetensors: async () => ({
    seeds: [
      writeSafetensors(await instanceToRawTensors(instanceOf(1)), { metadata: { format: 'pt' } }),
      writeSafetensors(new Map([['a', { dtype: 'I64', shape: [2], data: BigInt64Array.of(1n, -1n) }]])),
    ],
    read: (bytes) => checkTensors(readSafetensors(bytes).tensors),
  }),
  pytorch: () => pytorch(/\.pt$/),
  'pytorch-kinds': () => pytorch(/^(?!legacy|tar).*\.pt$/, checkpointFolder),
  'pytorch-legacy': () => pytorch(/^legacy.*\.pt$/, checkpointFolder),
  'pytorch-tar': () => pytorch(/^tar.*\.pt$/, checkpointFolder),
  'npy-array': async () => ({
    seeds: await fixtures(/\.npy$/, fixtureFolder),
    read: (bytes) => checkTensors(new Map([['array', readNpy(bytes)]])),
  }),
  npz: async () => ({ seeds: await fixtures(/\.npz$/, fixtureFolder), read: (bytes) => checkTensors(readNpz(bytes)) }),
};
