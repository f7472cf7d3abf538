import { join } from 'node:path';

import type { RawTensor } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';
import { instanceNameOf } from '@netspace/train/internal';

import { fileProblem } from '../../files/file-problem.js';
import { readRegularFile } from '../../files/read-regular-file.js';
import { type FilesOf, type FoundNetwork, type FoundZoo, ZOO_SOURCE_LIMITS, type ZooSource } from '../found-network.js';

/**
 * inr2vec's SIRENs: one HDF5 file a network, with `params`, all its numbers in the order of PyTorch's parameters, and `class_id`.
 *
 * @throws NetSpaceError `UNAVAILABLE` without the package h5wasm, `NOT_FOUND` if there are no files of HDF5
 */
export async function inr2vec({ folder }: ZooSource, filesOf: FilesOf): Promise<FoundZoo> {
  const files = (await filesOf()).filter((path) => /\.(h5|hdf5)$/i.test(path));
  if (files.length === 0)
    throw new NetSpaceError('NOT_FOUND', `zoo import: expected files of HDF5 (.h5) in ${folder}, got none; check the folder`);
  const networks = async function* (): AsyncGenerator<FoundNetwork> {
    for (const path of files) {
      const place = join(folder, path);
      const { params, label } = await readNetwork(place);
      yield {
        name: instanceNameOf(path.replace(/\.[^.]*$/, '').replaceAll('/', '-'), 'network'),
        ...{ place, epochs: 0, seed: 0, metrics: label === undefined ? {} : { label } },
        tensors: () => Promise.resolve(new Map([[FLAT, params]])),
      };
    }
  };
  return {
    layout: 'inr2vec',
    said: ['each is taken for three coordinates to one value unless --architecture says otherwise'],
    networks: networks(),
  };
}

/** The name of all parameters in one row. */
export const FLAT = 'params';

async function readNetwork(path: string): Promise<{ readonly params: RawTensor; readonly label: number | undefined }> {
  const h5 = await loadH5();
  const bytes = await bytesOf(path);
  const name = `network-${files++}.h5`;
  h5.FS!.writeFile(name, bytes);
  try {
    const file = new h5.File(name, 'r');
    try {
      const params = file.get('params');
      const label = file.get('class_id');
      return { params: numbersOf(params, path), label: numberOf(label) };
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof NetSpaceError) throw error;
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `zoo import: expected HDF5 with params and class_id in ${path}, got ${String(error).slice(0, 200)}`,
      { cause: error },
    );
  } finally {
    h5.FS!.unlink(name);
  }
}

let files = 0;

/** What h5wasm says of an entry; of a stranger's file any part of it may be missing. */
interface Entry {
  readonly shape?: readonly number[] | null;
  readonly dtype?: unknown;
  readonly value?: unknown;
}

function numbersOf(given: unknown, path: string): RawTensor {
  const { shape, dtype } = (given ?? {}) as Entry;
  const count = shape?.length === 1 ? shape[0]! : undefined;
  if (count === undefined || (dtype !== '<f' && dtype !== '<d')) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `zoo import: expected a row of floats as params in ${path}, got ${String(dtype).slice(0, 40)} [${String(shape)}]`,
    );
  }
  if (!(count > 0 && count <= ZOO_SOURCE_LIMITS.parameters)) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `zoo import: expected 1 to ${ZOO_SOURCE_LIMITS.parameters} numbers as params in ${path}, got ${count}`,
    );
  }
  const { value } = given as Entry;
  if (!(value instanceof Float32Array || value instanceof Float64Array) || value.length !== count) {
    throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected ${count} floats as params in ${path}, got something else`);
  }
  return value instanceof Float32Array ? { dtype: 'F32', shape: [count], data: value } : { dtype: 'F64', shape: [count], data: value };
}

function numberOf(given: unknown): number | undefined {
  const { shape } = (given ?? {}) as Entry;
  if (shape === undefined || shape === null || shape.reduce((product, side) => product * side, 1) !== 1) return undefined;
  const { value } = given as Entry;
  const one = Number(ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>)[0] : value);
  return Number.isFinite(one) ? one : undefined;
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readRegularFile('zoo import', path, ZOO_SOURCE_LIMITS.hdf5Bytes);
  } catch (error) {
    throw fileProblem('zoo import', path, error);
  }
}

/** The reader of HDF5, which is installed only where such files are read. */
async function loadH5() {
  try {
    const h5 = await import('h5wasm');
    const module = await h5.ready;
    module.activate_throwing_error_handler(); // otherwise the library prints what it does not like
    return { File: h5.File, FS: module.FS };
  } catch (cause) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      'zoo import: expected the package h5wasm, which reads HDF5, got none that loads; run `npm install h5wasm`',
      { cause },
    );
  }
}
